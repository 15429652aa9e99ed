import { Button } from '@mantine/core'
import { IconFilterOff, IconPlus, IconShoppingCart } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { ColumnChooser } from '../../kit/ColumnChooser'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, date, money, today as todayAt } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { useOwnViews } from '../../kit/ownViews'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import { supplierFilter } from '../suppliers/filter'
import { filterCount, filterKeys, type PurchaseOrder, type PurchaseOrderSearch, queryOf, sortOf, type View, viewOf, views } from './search'

const route = getRouteApi('/shell/purchase-orders')
const icon = { size: 16, stroke: 1.75 }

function useOrderSearch() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/purchase-orders' })
  const change = (changed: Partial<PurchaseOrderSearch>) => void navigate({ search: (old: PurchaseOrderSearch) => ({ ...old, ...changed }), replace: true })
  return { search, change }
}

function useCount(search: PurchaseOrderSearch): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf(search), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['purchase-orders', 'count', query], queryFn: () => ok(api.GET('/v1/purchase-orders', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

/** All purchase orders, the newest first. */
export function PurchaseOrders() {
  const { t } = useTranslation('purchasing')
  const { search, change } = useOrderSearch()
  const navigate = useNavigate()
  const may = useMay()
  const { locale, zone } = usePlace()
  const today = todayAt(zone)
  const query = { ...queryOf(search), sort: sortOf(search), limit: 200 }
  const pages = usePages<PurchaseOrder>(['purchase-orders', 'list', query], (cursor, signal) => ok(api.GET('/v1/purchase-orders', { params: { query: { ...query, cursor } }, signal })))
  const columns = useMemo<TableColumn<PurchaseOrder>[]>(
    () => [
      { key: 'number', head: t('number'), width: 72, sort: 'number', cell: ({ number }) => <RecordNumber value={number} short /> },
      { key: 'supplier', head: t('supplier'), cell: ({ supplier }) => supplier.name },
      { key: 'status', head: t('status'), width: 190, rank: 1, cell: ({ status }) => <State noun="purchase_order" state={status} /> },
      { key: 'promised', head: t('fact.promised'), width: 120, align: 'right', rank: 3, sort: 'promised_on', cell: ({ promised_on, late }) => <Promised day={date(promised_on, locale, today)} late={late} /> },
      { key: 'by', head: t('fact.requested_by'), width: 150, rank: 4, cell: ({ requested_by, origin }) => requested_by?.name ?? t(`origin.${origin}`) },
      { key: 'amount', head: t('amount'), width: 130, align: 'right', rank: 2, sort: 'amount', cell: ({ amount }) => money(amount, locale) },
      { key: 'created', head: t('fact.created'), width: 110, align: 'right', extra: true, sort: 'created_at', cell: ({ created_at }) => date(todayAt(zone, new Date(created_at)), locale, today) },
    ],
    [t, locale, zone, today],
  )
  const filters = useMemo<Filter[]>(() => (may('suppliers.read') ? [supplierFilter(t('supplier'))] : []), [t])
  return (
    <section className={classes.screen} aria-label={t('orders')}>
      <PageTitle list title={t('orders')} main={may('purchase_orders.write') ? <NewOrder /> : null} />
      <Tabs />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q">
        <ColumnChooser columns={columns} shown={search.cols} onShown={(cols) => change({ cols })} />
      </Filters>
      <DataTable
        label={t('orders')}
        scrollId="purchase-orders"
        columns={columns}
        shown={search.cols}
        {...pages}
        id={({ id }) => id}
        name={({ number, supplier }) => `${number} ${supplier.name}`}
        glyph={({ status }) => <StateGlyph noun="purchase_order" state={status} />}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === '-created_at' ? undefined : sort })}
        onOpen={({ id }) => void navigate({ to: '/purchase-orders/$orderId', params: { orderId: id } })}
        empty={<Empty />}
        phone={(order) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{order.supplier.name}</span>
            <span>{money(order.amount, locale)}</span>
            <span className={classes.phoneMore}>
              <RecordNumber value={order.number} short /> {t(`states:purchase_order.${order.status}`)}
            </span>
          </span>
        )}
      />
    </section>
  )
}

function NewOrder() {
  const { t } = useTranslation('purchasing')
  return (
    <Button variant="filled" leftSection={<IconPlus {...icon} />} renderRoot={(props) => <Link to="/purchase-orders/new" {...props} />}>
      {t('order.new')}
    </Button>
  )
}

function Promised({ day, late }: { day: string; late: boolean }) {
  return late ? <span style={{ color: 'var(--ms-red-text)' }}>{day}</span> : day
}

function Tabs() {
  const { t } = useTranslation('purchasing')
  const { search } = useOrderSearch()
  const own = useOwnViews('purchase-orders', search)
  const counts: Record<View, string | undefined> = {
    open: useCount({ saved: 'open' }),
    draft: useCount({ saved: 'draft' }),
    coming: useCount({ saved: 'coming' }),
    late: useCount({ saved: 'late' }),
    blocked: useCount({ saved: 'blocked' }),
    over: useCount({ saved: 'over' }),
    all: useCount({ saved: 'all' }),
  }
  return (
    <SavedViews
      label={t('views')}
      views={[...(Object.keys(views) as View[]).map((key) => ({ key, label: t(`view.${key}`), count: counts[key] })), ...own.views]}
      current={own.current ?? viewOf(search)}
      link={({ key }, props) => <ViewLink to="/purchase-orders" search={own.searchOf(key) ?? { ...search, saved: key === 'open' ? undefined : key }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty() {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const { search, change } = useOrderSearch()
  const filtered = filterCount(search)
  const inView = useCount({ saved: search.saved })
  const any = useCount({ saved: 'all' })
  if (filtered > 0) {
    return (
      <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button>}>
        {inView ? t('empty.hidden', { orders: inView, count: filtered }) : null}
      </Note>
    )
  }
  if (any !== undefined && any !== '0') return <Note icon={<IconShoppingCart {...icon} />} title={t('empty.view')} />
  return (
    <Note icon={<IconShoppingCart {...icon} />} title={t('empty.first')} actions={may('purchase_orders.write') ? <NewOrder /> : null}>
      {t('empty.help')}
    </Note>
  )
}
