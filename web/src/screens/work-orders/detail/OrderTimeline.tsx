import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { IconBell, IconCash, IconClockHour4, IconMessage, IconPencil, IconPhoto } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { date, money, quantity, today } from '../../../kit/figures'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { lookOf } from '../../../kit/states'
import { Timeline, type TimelineEntry } from '../../../kit/Timeline'
import { changesOf } from './changes'
import { Pictures } from './Pictures'
import { assetQuery, type WorkOrder } from './order'

type Entry = Schemas['TimelineEntry']
type File = Schemas['Attachment']

const statusAfter: Record<string, string> = {
  create: 'approved',
  approve: 'approved',
  schedule: 'scheduled',
  start: 'in_progress',
  resume: 'in_progress',
  reopen: 'in_progress',
  hold: 'on_hold',
  complete: 'completed',
  close: 'closed',
  cancel: 'cancelled',
  overdue: 'overdue',
}
const icon = { size: 15, stroke: 1.75 }

/** The timeline of an order: events, comments, hours, costs and pictures in one line of time. */
export function OrderTimeline({ order, files }: { order: WorkOrder; files: File[] | undefined }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const asset = useQuery({ ...assetQuery(order.asset_id), enabled: Boolean(order.asset_id) && may('assets.read') }).data
  const place = usePlace(asset?.site_id)
  const read = useInfiniteQuery(timelineQuery(order.id))
  if (read.error && !read.data) return <Failed error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading rows={5} />
  const entries = read.data.pages.flatMap((page) => page.items ?? [])

  const bold = { b: <b /> }
  const who = (entry: Entry) => entry.actor?.name ?? t('system')
  const day = (value: unknown) => (typeof value === 'string' ? date(value, place.locale, today(place.zone), true) : '')

  function told(entry: Entry): TimelineEntry {
    const base = { id: entry.id, at: entry.at }
    if (entry.kind === 'comment') return { ...base, mark: <IconMessage {...icon} />, title: <Trans t={t} i18nKey="event.comment" values={{ who: who(entry) }} components={bold} />, said: entry.text }
    if (entry.kind === 'labor') {
      const hours = quantity(entry.hours, place.locale)
      return { ...base, mark: <IconClockHour4 {...icon} />, title: <Trans t={t} i18nKey={`event.labor_${entry.action}`} values={{ who: who(entry), hours }} components={bold} />, detail: entry.worked_on ? t('event.worked_on', { day: day(entry.worked_on) }) : undefined }
    }
    if (entry.kind === 'cost') {
      const amount = entry.amount ? money(entry.amount, place.locale) : t(`cost.${entry.action}`)
      return { ...base, mark: <IconCash {...icon} />, title: <Trans t={t} i18nKey="event.cost" values={{ who: who(entry), amount }} components={bold} />, detail: entry.text }
    }
    const name = entry.action.replace('work_order.', '')
    const status = name === 'create' && typeof entry.after?.status === 'string' ? entry.after.status : statusAfter[name]
    const look = status ? lookOf('work_order', status) : undefined
    const mark: TimelineEntry['mark'] = look ? { glyph: look[0], tone: look[1] } : entry.actor ? <IconPencil {...icon} /> : <IconBell {...icon} />
    let detail: ReactNode = entry.text || undefined
    if (name === 'schedule') detail = t('event.for_day', { day: day(entry.after?.start_on) })
    if (name === 'change' || name === 'move') {
      detail = changesOf(entry)
        .map(({ field, before, after }) => t('event.changed', { field: t(`field.${field}`), before: said(field, before), after: said(field, after) }))
        .join(', ')
    }
    if (name === 'complete' && typeof entry.after?.resolution === 'string') detail = entry.after.resolution
    const key = entry.actor ? `event.${name}` : `event.${name}_system`
    return {
      ...base,
      mark,
      machine: entry.actor ? undefined : 'system',
      title: <Trans t={t} i18nKey={[key, `event.${name}`]} values={{ who: who(entry) }} components={bold} />,
      detail,
    }
  }
  const said = (field: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('event.nothing')
    if (field === 'due_on') return day(value)
    if (field === 'priority') return t(`states:priority.${String(value)}`)
    if (field === 'planned_hours') return t('hours', { hours: quantity(String(value), place.locale) })
    if (field === 'estimated_cost') return money({ amount: String(value), currency: order.estimated_cost?.currency ?? place.currency }, place.locale)
    return String(value)
  }

  const all = entries.map(told)
  const complete = !read.hasNextPage
  for (const group of photoGroups(files ?? [])) {
    const oldest = entries.at(-1)?.at
    if (!complete && oldest && group.at < oldest) continue
    all.push({ id: `files ${group.id}`, at: group.at, mark: <IconPhoto {...icon} />, title: t(group.pictures ? 'event.pictures' : 'event.files', { count: group.files.length }), below: <Pictures files={group.files} /> })
  }
  // An order that came by import or before the log was kept has no event of its making; its row knows when.
  if (complete && !entries.some((entry) => entry.action === 'work_order.create')) {
    const [glyph, tone] = lookOf('work_order', 'approved')
    all.push({ id: 'created', at: order.created_at, mark: { glyph, tone }, title: t('event.created') })
  }
  all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return (
    <Timeline
      entries={all}
      place={place}
      runWords={(run) => t('event.run', { count: run.length })}
      older={read.hasNextPage ? () => void read.fetchNextPage() : undefined}
      olderBusy={read.isFetchingNextPage}
    />
  )
}

/** All that happened to an order, newest first, by pages. */
export const timelineQuery = (id: string) => ({
  queryKey: ['work-orders', 'one', id, 'timeline'],
  queryFn: ({ pageParam }: { pageParam: string }) => ok(api.GET('/v1/work-orders/{id}/timeline', { params: { path: { id }, query: { limit: 50, cursor: pageParam || undefined } } })),
  initialPageParam: '',
  getNextPageParam: (page: Schemas['PageTimelineEntry']) => page.next_cursor,
})

/** Files added within ten minutes are one line of the timeline, pictures apart from others. */
export function photoGroups(files: File[]): { id: string; at: string; pictures: boolean; files: File[] }[] {
  const groups: { id: string; at: string; pictures: boolean; files: File[] }[] = []
  for (const file of [...files].filter((one) => one.uploaded_at).sort((a, b) => (a.created_at < b.created_at ? 1 : -1))) {
    const pictures = file.content_type.startsWith('image/')
    const last = groups.at(-1)
    if (last && last.pictures === pictures && Date.parse(last.at) - Date.parse(file.created_at) < 600_000) last.files.push(file)
    else groups.push({ id: file.id, at: file.created_at, pictures, files: [file] })
  }
  return groups
}
