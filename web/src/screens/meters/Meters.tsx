import { Button } from '@mantine/core'
import { IconFilterOff, IconGauge, IconListNumbers, IconPencilPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace, useSite } from '../../api/me'
import { Code } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, instant, quantity } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import { placesFilter } from '../assets/list/filters'
import classes from './Meters.module.css'
import { Round } from './Round'
import type { MeterSearch } from './routes'
import { filterKeys, queryOf, sortOf, type View, viewOf, views } from './search'

export type Meter = Schemas['Meter']

const route = getRouteApi('/shell/meters')
const icon = { size: 16, stroke: 1.75 }

/** All meters with what they show; on a round each has a field for the next reading. */
export function Meters() {
  const { t } = useTranslation('meters')
  const may = useMay()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/meters' })
  const go = useNavigate()
  const { locale, zone } = usePlace(useSite()?.id)
  const change = (changed: Partial<MeterSearch>) => void navigate({ search: (old: MeterSearch) => ({ ...old, ...changed }), replace: true })
  const round = search.round === 'true' && may('meter_readings.write')
  // A round draws every row: few at a time keep a phone quick.
  const query = { ...queryOf(search, useSite()?.id), sort: sortOf(search), limit: round ? 40 : 200 }
  const pages = usePages<Meter>(['meters', 'list', query], (cursor, signal) => ok(api.GET('/v1/meters', { params: { query: { ...query, cursor } }, signal })))

  const columns = useMemo<TableColumn<Meter>[]>(
    () => [
      { key: 'asset', head: t('asset'), width: 110, cell: ({ asset }) => <Code>{asset.code}</Code> },
      { key: 'name', head: t('name'), sort: 'name', cell: ({ name, asset }) => `${name}, ${asset.name}` },
      { key: 'place', head: t('place'), width: 180, rank: 4, cell: ({ location }) => location.name },
      { key: 'value', head: t('shows'), width: 130, align: 'right', cell: (meter) => stand(meter, locale) },
      { key: 'rate', head: t('rate'), width: 130, align: 'right', rank: 3, cell: ({ per_day, unit }) => (per_day ? t('a_day', { figure: quantity(per_day, locale, 1), unit }) : '') },
      { key: 'read', head: t('read'), width: 150, align: 'right', rank: 2, sort: 'last_read_at', cell: ({ last_read_at }) => instant(last_read_at, locale, zone) || t('never') },
      { key: 'due', head: t('due'), width: 150, align: 'right', rank: 1, cell: ({ reading_due_at, reading_overdue }) => <span className={reading_overdue ? classes.late : undefined}>{instant(reading_due_at, locale, zone)}</span> },
    ],
    [t, locale, zone],
  )
  const filters = useMemo<Filter[]>(
    () => [
      placesFilter(t('place')),
      { kind: 'choice', key: 'kind', label: t('kind'), options: (['continuous', 'gauge'] as const).map((value) => ({ value, label: t(`kind.${value}`) })) },
    ],
    [t],
  )
  const filtered = filterKeys.some((key) => search[key] !== undefined)
  const empty = (
    <Note
      icon={filtered ? <IconFilterOff {...icon} /> : <IconGauge {...icon} />}
      title={t(filtered ? 'empty.filtered' : viewOf(search) === 'due' ? 'empty.due' : 'empty')}
      actions={filtered ? <Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button> : null}
    >
      {filtered ? null : t('empty_help')}
    </Note>
  )
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <PageTitle list
        title={t('heading')}
        main={
          may('meter_readings.write') ? (
            round ? (
              <Button leftSection={<IconListNumbers {...icon} />} onClick={() => change({ round: undefined })}>
                {t('round.end')}
              </Button>
            ) : (
              <Button variant="filled" leftSection={<IconPencilPlus {...icon} />} onClick={() => change({ round: 'true' })}>
                {t('round.begin')}
              </Button>
            )
          ) : null
        }
      />
      <Tabs />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q" />
      {round ? (
        <Round key={JSON.stringify(query)} pages={pages} empty={empty} />
      ) : (
        <DataTable
          label={t('heading')}
          scrollId="meters"
          columns={columns}
          {...pages}
          id={({ id }) => id}
          name={({ name, asset }) => `${asset.code} ${name}`}
          sort={sortOf(search)}
          onSort={(sort) => change({ sort: sort === 'name' ? undefined : sort })}
          onOpen={({ asset_id }) => void go({ to: '/assets/$assetId', params: { assetId: asset_id }, search: { tab: 'meters' } })}
          phone={(meter) => (
            <span className={classes.phone}>
              <span className={classes.cut}>
                <Code>{meter.asset.code}</Code> {meter.name}
              </span>
              <b>{stand(meter, locale)}</b>
              <span className={classes.more}>{meter.asset.name}</span>
              <span className={meter.reading_overdue ? classes.late : classes.more}>{instant(meter.last_read_at, locale, zone) || t('never')}</span>
            </span>
          )}
          empty={empty}
        />
      )}
    </section>
  )
}

/** What a meter shows, with its unit; nothing before its first reading. */
export const stand = (meter: Pick<Meter, 'last_value' | 'unit'>, locale: string): string => (meter.last_value ? `${quantity(meter.last_value, locale)} ${meter.unit}` : '')

function useCount(view: View): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf({ saved: view }, useSite()?.id), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['meters', 'count', query], queryFn: () => ok(api.GET('/v1/meters', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

function Tabs() {
  const { t } = useTranslation('meters')
  const search = route.useSearch()
  const counts: Record<View, string | undefined> = { all: useCount('all'), due: useCount('due') }
  return (
    <SavedViews
      label={t('heading')}
      views={views.map((key) => ({ key, label: t(`view.${key}`), count: counts[key] }))}
      current={viewOf(search)}
      link={({ key }, props) => <ViewLink to="/meters" search={{ ...search, saved: key === 'all' ? undefined : key }} {...props} />}
    />
  )
}
