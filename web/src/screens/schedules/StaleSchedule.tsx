import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api } from '../../api/client'
import { usePlace } from '../../api/me'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Stale } from '../../kit/Stale'
import { type Draft, draftOf, rruleOfDraft, type Schedule } from './draft'
import { describeRule } from './describe'

interface StaleScheduleProps {
  id: string
  mine: Draft
  base: Draft
  keep: (etag: string) => void
  drop: (now: Answered<Schedule>) => void
}

const names = { title: 'editor.title', calendar: 'editor.when', meter: 'when.meter', shift: 'editor.late', tolerance: 'editor.tolerance', lead: 'editor.lead', catchUp: 'editor.missed', lastDone: 'editor.last_done', priority: 'editor.priority', jobPlan: 'editor.job_plan', cost: 'editor.cost', hours: 'editor.hours' } as const
type Name = keyof typeof names

/** Somebody changed the schedule meanwhile: what is typed here beside what is stored now; keep the one or the other. */
export function StaleSchedule({ id, mine, base, keep, drop }: StaleScheduleProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const read = useQuery({ queryKey: ['maintenance-schedules', id, 'stored'], queryFn: () => answered(api.GET('/v1/maintenance-schedules/{id}', { params: { path: { id } } })), staleTime: 0 })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} /> : <Loading rows={2} />
  const now = draftOf(read.data.data)
  const { data, etag } = read.data
  const words = (draft: Draft, name: Name): string => {
    switch (name) {
      case 'calendar':
        return draft.calendar ? describeRule(rruleOfDraft(draft) ?? '', t, locale) : ''
      case 'meter':
        return draft.meter?.every ?? ''
      case 'catchUp':
        return t(`editor.missed_${draft.catchUp}`)
      case 'priority':
        return t(`states:priority.${draft.priority}`)
      default:
        return String(draft[name])
    }
  }
  const changed = (draft: Draft, name: Name) => JSON.stringify(draft[name]) !== JSON.stringify(base[name])
  const fields = (Object.keys(names) as Name[])
    .filter((name) => changed(now, name) || changed(mine, name))
    .map((name) => ({ name, label: t(names[name]), mine: words(mine, name), now: words(now, name), own: changed(mine, name) }))
  return <Stale at={data.updated_at} fields={fields} onKeep={() => keep(etag ?? '')} onDrop={() => drop(read.data)} />
}
