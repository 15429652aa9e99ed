import { Button } from '@mantine/core'
import { IconFilterOff, IconPackageImport, IconPackages, IconPlus, IconTruckDelivery } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { ColumnChooser } from '../../kit/ColumnChooser'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, money, quantity } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { useOwnViews } from '../../kit/ownViews'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import type { Item } from '../stock/queries'
import { supplierFilter } from '../suppliers/filter'
import { ItemSheet } from './ItemSheet'
import { isLow } from './low'
import { filterCount, filterKeys, type ItemSearch, queryOf, sortOf, type View, viewOf, views } from './search'

const route = getRouteApi('/shell/items')
const icon = { size: 16, stroke: 1.75 }
const pageSize = 200

function useItemSearch() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/items' })
  const change = (changed: Partial<ItemSearch>) => void navigate({ search: (old: ItemSearch) => ({ ...old, ...changed }), replace: true })
  return { search, change }
}

function useCount(search: ItemSearch): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf(search), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['items', 'count', query], queryFn: () => ok(api.GET('/v1/items', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

/** All that is kept in stock, with how much of it is there, free and on its way. */
export function Items() {
  const { t } = useTranslation('stock')
  const { search, change } = useItemSearch()
  const navigate = useNavigate()
  const may = useMay()
  const { locale } = usePlace()
  const [making, setMaking] = useState(false)
  const query = { ...queryOf(search), sort: sortOf(search), limit: pageSize }
  const pages = usePages<Item>(['items', 'list', query], (cursor, signal) => ok(api.GET('/v1/items', { params: { query: { ...query, cursor } }, signal })))
  const columns = useMemo<TableColumn<Item>[]>(() => {
    const figure = (key: 'on_hand' | 'reserved' | 'available' | 'on_order' | 'reorder_point', rank: number): TableColumn<Item> => ({
      key,
      head: t(`fact.${key}`),
      width: 104,
      align: 'right',
      rank,
      cell: (item) => quantity(item[key], locale),
    })
    return [
      { key: 'code', head: t('code'), width: 140, sort: 'code', cell: (item) => <Code>{item.code}</Code> },
      { key: 'name', head: t('name'), sort: 'name', cell: (item) => item.name },
      figure('on_hand', 2),
      figure('reserved', 4),
      figure('available', 1),
      figure('on_order', 3),
      { key: 'unit', head: t('unit'), width: 64, rank: 2, cell: (item) => item.unit },
      figure('reorder_point', 5),
      { key: 'supplier', head: t('supplier'), width: 160, rank: 6, cell: (item) => item.supplier?.name },
      { key: 'price', head: t('fact.unit_cost'), width: 120, align: 'right', extra: true, cell: (item) => money(item.unit_cost, locale) },
      { key: 'barcode', head: t('fact.barcode'), width: 150, extra: true, cell: (item) => <Code>{item.barcode}</Code> },
    ]
  }, [t, locale])
  const filters = useMemo<Filter[]>(() => (may('suppliers.read') ? [supplierFilter(t('supplier'))] : []), [t])
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <PageTitle list
        title={t('heading')}
        actions={
          may('stock_movements.read') ? (
            <>
              <Button leftSection={<IconPackageImport {...icon} />} onClick={() => void navigate({ to: '/put-away' })}>
                {t('put_away')}
              </Button>
              <Button leftSection={<IconTruckDelivery {...icon} />} onClick={() => void navigate({ to: '/stock-transfers' })}>
                {t('fact.in_transit')}
              </Button>
            </>
          ) : null
        }
        main={
          may('items.write') ? (
            <Button variant="filled" leftSection={<IconPlus {...icon} />} onClick={() => setMaking(true)}>
              {t('item.new')}
            </Button>
          ) : null
        }
      />
      <Tabs />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q">
        <ColumnChooser columns={columns} shown={search.cols} onShown={(cols) => change({ cols })} />
      </Filters>
      <DataTable
        label={t('heading')}
        scrollId="items"
        columns={columns}
        shown={search.cols}
        {...pages}
        id={({ id }) => id}
        name={({ code, name }) => `${code} ${name}`}
        glyph={(item) => <StateGlyph noun="item" state={isLow(item) ? 'low' : 'enough'} />}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === 'code' ? undefined : sort })}
        onOpen={({ id }) => void navigate({ to: '/items/$itemId', params: { itemId: id } })}
        empty={<Empty onNew={() => setMaking(true)} />}
        phone={(item) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{item.name}</span>
            <span>
              {quantity(item.available, locale)} {item.unit}
            </span>
            <span className={classes.phoneMore}>
              <Code>{item.code}</Code> {t('list.of', { on_hand: quantity(item.on_hand, locale), on_order: quantity(item.on_order, locale) })}
            </span>
          </span>
        )}
      />
      {making ? <ItemSheet onClose={() => setMaking(false)} onDone={({ id }) => void navigate({ to: '/items/$itemId', params: { itemId: id } })} /> : null}
    </section>
  )
}

function Tabs() {
  const { t } = useTranslation('stock')
  const { search } = useItemSearch()
  const own = useOwnViews('items', search)
  const counts: Record<View, string | undefined> = { all: useCount({ saved: 'all' }), low: useCount({ saved: 'low' }), archived: useCount({ saved: 'archived' }) }
  return (
    <SavedViews
      label={t('views')}
      views={[...views.map((key) => ({ key, label: t(`view.${key}`), count: counts[key] })), ...own.views]}
      current={own.current ?? viewOf(search)}
      link={({ key }, props) => <ViewLink to="/items" search={own.searchOf(key) ?? { ...search, saved: key === 'all' ? undefined : key }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { search, change } = useItemSearch()
  const filtered = filterCount(search)
  const inView = useCount({ saved: search.saved })
  if (filtered > 0) {
    return (
      <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button>}>
        {inView ? t('empty.hidden', { items: inView, count: filtered }) : null}
      </Note>
    )
  }
  const view = viewOf(search)
  if (view !== 'all') return <Note icon={<IconPackages {...icon} />} title={t(`empty.${view}`)} />
  return (
    <Note
      icon={<IconPackages {...icon} />}
      title={t('empty.first')}
      actions={
        may('items.write') ? (
          <Button variant="filled" leftSection={<IconPlus {...icon} />} onClick={onNew}>
            {t('item.new')}
          </Button>
        ) : null
      }
    >
      {t('empty.help')}
    </Note>
  )
}
