import { Button } from '@mantine/core'
import { IconClipboardText, IconFilterOff, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, date, today as todayAt } from '../../kit/figures'
import { Filters } from '../../kit/Filters'
import { useOwnViews } from '../../kit/ownViews'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import type { Requisition } from './queries'
import { queryOf, type RequisitionSearch, sortOf, type View, viewOf, views } from './search'

const route = getRouteApi('/shell/requisitions')
const icon = { size: 16, stroke: 1.75 }

function useCount(search: RequisitionSearch): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf(search), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['requisitions', 'count', query], queryFn: () => ok(api.GET('/v1/requisitions', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

/** What people want to have bought, the newest first. */
export function Requisitions() {
  const { t } = useTranslation('requisitions')
  const may = useMay()
  const { locale, zone } = usePlace()
  const today = todayAt(zone)
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/requisitions' })
  const change = (changed: Partial<RequisitionSearch>) => void navigate({ search: (old: RequisitionSearch) => ({ ...old, ...changed }), replace: true })
  const query = { ...queryOf(search), sort: sortOf(search), limit: 200 }
  const pages = usePages<Requisition>(['requisitions', 'list', query], (cursor, signal) => ok(api.GET('/v1/requisitions', { params: { query: { ...query, cursor } }, signal })))
  const columns = useMemo<TableColumn<Requisition>[]>(
    () => [
      { key: 'number', head: t('number'), width: 72, sort: 'number', cell: ({ number }) => <RecordNumber value={number} short /> },
      { key: 'note', head: t('note'), cell: ({ note, line_count }) => note || t('count', { count: line_count }) },
      { key: 'status', head: t('status'), width: 150, rank: 1, cell: ({ status }) => <State noun="requisition" state={status} /> },
      { key: 'needed', head: t('needed_on'), width: 120, align: 'right', rank: 2, cell: ({ needed_on }) => date(needed_on, locale, today) },
      { key: 'by', head: t('by'), width: 160, rank: 3, cell: ({ requested_by }) => requested_by.name },
      { key: 'order', head: t('order'), width: 130, rank: 4, cell: ({ purchase_order }) => (purchase_order ? <RecordNumber value={purchase_order.number ?? ''} /> : '') },
      { key: 'created', head: t('asked_at'), width: 110, align: 'right', rank: 5, sort: 'created_at', cell: ({ created_at }) => date(todayAt(zone, new Date(created_at)), locale, today) },
    ],
    [t, locale, zone, today],
  )
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <PageTitle list title={t('heading')} main={may('requisitions.create') ? <New /> : null} />
      <Tabs search={search} />
      <Filters filters={[]} values={{ q: search.q }} onChange={change} searchKey="q" />
      <DataTable
        label={t('heading')}
        scrollId="requisitions"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ number }) => number}
        glyph={({ status }) => <StateGlyph noun="requisition" state={status} />}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === '-created_at' ? undefined : sort })}
        onOpen={({ id }) => void navigate({ to: '/requisitions/$requisitionId', params: { requisitionId: id } })}
        empty={<Empty search={search} onClear={() => change({ q: undefined })} />}
        phone={(one) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{one.note || t('count', { count: one.line_count })}</span>
            <span>{date(one.needed_on, locale, today)}</span>
            <span className={classes.phoneMore}>
              <RecordNumber value={one.number} short /> {t(`states:requisition.${one.status}`)}, {one.requested_by.name}
            </span>
          </span>
        )}
      />
    </section>
  )
}

function New() {
  const { t } = useTranslation('requisitions')
  return (
    <Button variant="filled" leftSection={<IconPlus {...icon} />} renderRoot={(props) => <Link to="/requisitions/new" {...props} />}>
      {t('new')}
    </Button>
  )
}

function Tabs({ search }: { search: RequisitionSearch }) {
  const { t } = useTranslation('requisitions')
  const own = useOwnViews('requisitions', search)
  const counts: Record<View, string | undefined> = { open: useCount({ saved: 'open' }), mine: useCount({ saved: 'mine' }), over: useCount({ saved: 'over' }), all: useCount({ saved: 'all' }) }
  return (
    <SavedViews
      label={t('views')}
      views={[...(Object.keys(views) as View[]).map((key) => ({ key, label: t(`view.${key}`), count: counts[key] })), ...own.views]}
      current={own.current ?? viewOf(search)}
      link={({ key }, props) => <Link to="/requisitions" search={own.searchOf(key) ?? { ...search, saved: key === 'open' ? undefined : key }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty({ search, onClear }: { search: RequisitionSearch; onClear: () => void }) {
  const { t } = useTranslation('requisitions')
  const may = useMay()
  const any = useCount({ saved: 'all' })
  if (search.q) return <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={onClear}>{t('common:clear_filters')}</Button>} />
  if (any !== undefined && any !== '0') return <Note icon={<IconClipboardText {...icon} />} title={t('empty.view')} />
  return (
    <Note icon={<IconClipboardText {...icon} />} title={t('empty')} actions={may('requisitions.create') ? <New /> : null}>
      {t('empty.help')}
    </Note>
  )
}
