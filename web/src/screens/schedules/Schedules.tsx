import { Button } from '@mantine/core'
import { IconFileImport, IconFilterOff, IconPlus, IconRepeat } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useFirstDay, useMay, usePlace, useSite } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { ColumnChooser } from '../../kit/ColumnChooser'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { addDays, capped, date, money, quantity, today as todayAt } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { useOwnViews } from '../../kit/ownViews'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { Priority, StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import type { Schedule } from './draft'
import { findPlaces, placeQuery } from '../../kit/places'
import { type Weekday, weekStart } from '../../kit/weeks'
import { queries } from '../../api/query'
import { filterCount, filterKeys, queryOf, type ScheduleSearch, sortOf, tabOf, tabs, type Tab } from './search'
import classes from './Schedules.module.css'
import { useRule } from './useRule'

const route = getRouteApi('/shell/schedules')
const pageSize = 200

function useScheduleSearch() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/schedules' })
  const change = (changed: Partial<ScheduleSearch>) => void navigate({ search: (old: ScheduleSearch) => ({ ...old, ...changed }), replace: true })
  return { search, change }
}

function useCount(search: ScheduleSearch): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf(search, useSite()?.id), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['maintenance-schedules', 'count', query], queryFn: () => ok(api.GET('/v1/maintenance-schedules', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

/** All schedules, the next due first. */
export function Schedules() {
  const { t } = useTranslation('schedules')
  const { search, change } = useScheduleSearch()
  const navigate = useNavigate()
  const may = useMay()
  const place = usePlace()
  const { locale, zone } = place
  const today = todayAt(zone)
  const rule = useRule()
  const query = { ...queryOf(search, useSite()?.id), sort: sortOf(search), limit: pageSize }
  const pages = usePages<Schedule>(['maintenance-schedules', 'list', query], (cursor, signal) => ok(api.GET('/v1/maintenance-schedules', { params: { query: { ...query, cursor } }, signal })))

  const columns = useMemo<TableColumn<Schedule>[]>(
    () => [
      { key: 'number', head: t('list.number'), width: 64, rank: 4, cell: ({ number }) => <RecordNumber value={number} short /> },
      { key: 'title', head: t('list.title'), sort: 'title', cell: ({ title }) => title },
      { key: 'place', head: t('list.place'), width: 220, rank: 1, cell: ({ asset, location }) => <><Code>{(asset ?? location).code}</Code> {(asset ?? location).name}</> },
      { key: 'rule', head: t('list.rule'), width: 260, rank: 2, cell: (schedule) => rule(schedule) },
      { key: 'priority', head: t('list.priority'), width: 64, rank: 3, cell: ({ priority }) => <Priority value={priority} /> },
      { key: 'due', head: t('list.due'), width: 120, align: 'right', sort: 'next_due_on', cell: (schedule) => <NextDue schedule={schedule} locale={locale} today={today} /> },
      { key: 'created', head: t('list.created'), width: 110, align: 'right', rank: 5, cell: ({ next_due_on, lead_days, status }) => (next_due_on && status === 'active' ? date(addDays(next_due_on, -lead_days), locale, today) : '') },
      { key: 'site', head: t('list.location'), width: 160, extra: true, cell: ({ location }) => location.name },
      { key: 'cost', head: t('list.cost'), width: 110, align: 'right', extra: true, cell: ({ estimated_cost }) => money(estimated_cost, locale) },
      { key: 'hours', head: t('list.hours'), width: 80, align: 'right', extra: true, cell: ({ planned_hours }) => quantity(planned_hours, locale, 2) },
    ],
    [t, locale, today, rule],
  )
  const filters = useMemo<Filter[]>(
    () => [
      { kind: 'days', key: 'due', label: t('list.due'), from: 'due_from', to: 'due_to' },
      ...(may('assets.read') ? [pickOf('asset', t('list.asset'))] : []),
      pickOf('location', t('list.location')),
    ],
    [t],
  )
  const grouped = sortOf(search) === 'next_due_on' && tabOf(search) === 'active'
  const first = useFirstDay()
  const groupOf = useCallback((schedule: Schedule) => dueGroup(schedule.next_due_on, today, first), [today, first])
  const writes = may('maintenance_schedules.write')

  return (
    <section className={classes.screen} aria-label={t('list.heading')}>
      <PageTitle list
        title={t('list.heading')}
        main={
          writes ? (
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link to="/schedules/new" {...props} />}>
              {t('editor.new')}
            </Button>
          ) : null
        }
      />
      <Tabs />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q">
        <ColumnChooser columns={columns} shown={search.cols} onShown={(cols) => change({ cols })} />
      </Filters>
      <DataTable
        label={t('list.heading')}
        scrollId="schedules"
        columns={columns}
        shown={search.cols}
        {...pages}
        id={({ id }) => id}
        name={({ number, title }) => `${number} ${title}`}
        glyph={({ status }) => <StateGlyph noun="schedule" state={status} />}
        groupOf={grouped ? groupOf : undefined}
        groupHead={(key, rows, whole) => ({ title: t(`group.${key as DueGroup}`), count: `${quantity(rows.length, locale)}${whole ? '' : '+'}` })}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === 'next_due_on' ? undefined : sort })}
        onOpen={({ id }) => void navigate({ to: '/schedules/$scheduleId', params: { scheduleId: id } })}
        empty={<Empty />}
        phone={(schedule) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{schedule.title}</span>
            <NextDue schedule={schedule} locale={locale} today={today} />
            <span className={classes.phoneMore}>
              <Code>{(schedule.asset ?? schedule.location).code}</Code> {rule(schedule)}
            </span>
          </span>
        )}
      />
    </section>
  )
}

type DueGroup = 'late' | 'week' | 'next' | 'later' | 'open'

function dueGroup(due: string | undefined | null, today: string, first: Weekday): DueGroup {
  if (!due) return 'open'
  if (due < today) return 'late'
  const begin = weekStart(today, first)
  if (due < addDays(begin, 7)) return 'week'
  return due < addDays(begin, 14) ? 'next' : 'later'
}

function NextDue({ schedule, locale, today }: { schedule: Schedule; locale: string; today: string }) {
  const { t } = useTranslation('schedules')
  if (schedule.status === 'ended') return null
  if (schedule.next_due_on) return <span data-late={schedule.next_due_on < today || undefined}>{date(schedule.next_due_on, locale, today)}</span>
  return schedule.next_meter_value ? <>{t('list.at', { value: quantity(schedule.next_meter_value, locale, 0) })}</> : null
}

function pickOf(kind: 'asset' | 'location', label: string): Filter {
  const option = ({ id, code, name }: { id: string; code: string; name: string }) => ({ value: id, label: name, code })
  return {
    kind: 'pick',
    key: `${kind}_id`,
    label,
    find: async (text) => (await findPlaces(text || undefined, kind === 'asset')).filter((place) => place.kind === kind).map(option),
    named: async (ids) => Promise.all(ids.map(async (id) => option(await queries.fetchQuery(placeQuery(kind, id))))),
  }
}

function Tabs() {
  const { t } = useTranslation('schedules')
  const { search } = useScheduleSearch()
  const own = useOwnViews('schedules', search)
  const counts: Record<Tab, string | undefined> = { active: useCount({ saved: 'active' }), paused: useCount({ saved: 'paused' }), ended: useCount({ saved: 'ended' }), all: useCount({ saved: 'all' }) }
  return (
    <SavedViews
      label={t('list.views')}
      views={[...tabs.map((key) => ({ key, label: key === 'all' ? t('list.all') : t(`states:schedule.${key}`), count: counts[key] })), ...own.views]}
      current={own.current ?? tabOf(search)}
      link={({ key }, props) => <ViewLink to="/schedules" search={own.searchOf(key) ?? { ...search, saved: key === 'active' ? undefined : key }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty() {
  const { t } = useTranslation('schedules')
  const may = useMay()
  const { search, change } = useScheduleSearch()
  const filtered = filterCount(search)
  const inView = useCount({ saved: search.saved })
  const any = useCount({ saved: 'all' })
  if (filtered > 0) {
    return (
      <Note
        icon={<IconFilterOff size={16} stroke={1.75} />}
        title={t('empty.filtered')}
        actions={<Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button>}
      >
        {inView ? t('empty.hidden', { schedules: inView, count: filtered }) : null}
      </Note>
    )
  }
  if (any !== undefined && any !== '0') return <Note icon={<IconRepeat size={16} stroke={1.75} />} title={t(`empty.${tabOf(search)}`)} />
  return (
    <Note
      icon={<IconRepeat size={16} stroke={1.75} />}
      title={t('empty.first')}
      actions={
        <>
          {may('maintenance_schedules.write') ? (
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link to="/schedules/new" {...props} />}>
              {t('editor.new')}
            </Button>
          ) : null}
          {may('imports.run') ? (
            <Button leftSection={<IconFileImport size={16} stroke={1.75} />} component="a" href="/imports/new?kind=maintenance-schedules">
              {t('empty.import')}
            </Button>
          ) : null}
        </>
      }
    >
      {t('empty.help')}
    </Note>
  )
}
