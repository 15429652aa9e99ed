import { Button } from '@mantine/core'
import { IconArrowsExchange, IconClipboardText, IconTruckDelivery } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import type { Command } from '../../kit/Commands'
import { date, money, quantity, today as todayAt } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useSheet } from '../../kit/useSheet'
import { CodedHead } from '../stock/CodedHead'
import { FactList } from '../stock/FactList'
import { Ledger } from '../stock/Ledger'
import { firstMove, onlyPlace } from '../stock/movements'
import { MovementSheet } from '../stock/MovementSheet'
import classes from '../stock/Page.module.css'
import { OnTheWay } from '../stock/OnTheWay'
import { OrderRows } from '../stock/OrderRows'
import { type Item, itemPricesQuery, itemQuery, itemReservationsQuery, itemStockQuery, openOrdersQuery } from '../stock/queries'
import { SendSheet } from '../stock/SendSheet'
import { ItemSheet } from './ItemSheet'
import { isLow } from './low'
import { WhereUsed } from './WhereUsed'

const route = getRouteApi('/shell/items/$itemId')
const icon = { size: 16, stroke: 1.75 }

/** One item: how much of it lies where, for whom it is held, what it costs, and every movement so far. */
export function ItemPage() {
  const { itemId } = route.useParams()
  const read = useQuery(itemQuery(itemId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={itemId} item={read.data.data} />
}

function Page({ item }: { item: Item }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale } = usePlace()
  const navigate = useNavigate()
  const { sheet, open: setSheet, close } = useSheet<'move' | 'edit' | 'send'>()
  const stock = useQuery(itemStockQuery(item.id))
  const out = Boolean(item.archived_at)
  const archive = useCommand(
    (path: '/v1/items/{id}/archive' | '/v1/items/{id}/restore', key: string) => ok(api.POST(path, { params: { path: { id: item.id }, header: { 'Idempotency-Key': key } } })),
    { refresh: ['items'] },
  )
  const turn = () => archive.mutate(out ? '/v1/items/{id}/restore' : '/v1/items/{id}/archive')
  const ask: Command[] =
    may('requisitions.create') && !out ? [{ name: 'ask', label: t('requisitions:ask'), icon: <IconClipboardText {...icon} />, run: () => void navigate({ to: '/requisitions/new', search: { item_id: item.id } }) }] : []
  const away: Command[] = may('stock_movements.write') && !out ? [{ name: 'send', label: t('send'), icon: <IconTruckDelivery {...icon} />, run: () => setSheet('send') }] : []
  const figures: [string, string, boolean?][] = [
    ['on_hand', item.on_hand],
    ['reserved', item.reserved],
    ['available', item.available, isLow(item)],
    ['in_transit', item.in_transit],
    ['on_order', item.on_order],
  ]
  return (
    <article className={classes.page}>
      <CodedHead
        record={item}
        writes={may('items.write')}
        onEdit={() => setSheet('edit')}
        onTurn={turn}
        error={archive.error}
        badges={isLow(item) ? <State noun="item" state="low" /> : null}
        commands={[...away, ...ask]}
        main={
          may('stock_movements.write') && !out ? (
            <Button variant="filled" leftSection={<IconArrowsExchange {...icon} />} onClick={() => setSheet('move')}>
              {t('move')}
            </Button>
          ) : null
        }
      />
      <dl className={classes.figures}>
        {figures.map(([key, value, low]) => (
          <div key={key}>
            <dt>{t(`fact.${key}`)}</dt>
            <dd data-low={low || undefined}>
              {quantity(value, locale)} {item.unit}
            </dd>
          </div>
        ))}
        {stock.data?.value ? (
          <div>
            <dt>{t('fact.value')}</dt>
            <dd>{money(stock.data.value, locale)}</dd>
          </div>
        ) : null}
      </dl>
      <div className={classes.body}>
        <div className={classes.column}>
          <Panel title={t('by_place')} flush>
            {stock.error ? <Failed error={stock.error} retry={() => void stock.refetch()} /> : !stock.data ? <Loading rows={3} /> : null}
            {stock.data?.by_location?.length === 0 ? <p className={classes.none}>{t('by_place.none')}</p> : null}
            <ul className={classes.rows}>
              {stock.data?.by_location?.map((place) => (
                <li key={place.location_id}>
                  <span className={classes.what}>
                    <Code>{place.location.code}</Code> {place.location.name}
                  </span>
                  {place.reserved === '0' ? null : <span className={classes.quiet}>{t('by_place.reserved', { quantity: quantity(place.reserved, locale) })}</span>}
                  <span className={classes.figure}>
                    {quantity(place.on_hand, locale)} {item.unit}
                  </span>
                </li>
              ))}
            </ul>
          </Panel>
          {may('stock_movements.read') ? <OnTheWay itemId={item.id} /> : null}
          {may('reservations.read') ? <Held item={item} /> : null}
          {may('purchase_orders.read') ? <OnOrder item={item} /> : null}
          {may('spare_parts.read') ? <WhereUsed item={item} /> : null}
          {may('stock_movements.read') ? <Ledger of={{ item_id: item.id }} /> : null}
        </div>
        <div className={classes.column}>
          <Panel title={t('item.facts')} flush>
            <FactList
              facts={[
                [t('fact.description'), item.description],
                [t('fact.purchase_unit'), item.purchase_unit && t('item.one_is', { one: item.purchase_unit, factor: quantity(item.purchase_factor ?? '', locale), unit: item.unit })],
                [t('fact.issue_unit'), item.issue_unit && t('item.one_is', { one: item.issue_unit, factor: quantity(item.issue_factor ?? '', locale), unit: item.unit })],
                [t('fact.reorder_point'), item.reorder_point && `${quantity(item.reorder_point, locale)} ${item.unit}`],
                [t('fact.safety_stock'), item.safety_stock && `${quantity(item.safety_stock, locale)} ${item.unit}`],
                [t('fact.max_stock'), item.max_stock && `${quantity(item.max_stock, locale)} ${item.unit}`],
                [t('fact.lead_days'), item.lead_days === undefined ? undefined : t('in_days', { count: item.lead_days })],
                [t('supplier'), item.supplier ? may('suppliers.read') ? <Link to="/suppliers/$supplierId" params={{ supplierId: item.supplier.id }}>{item.supplier.name}</Link> : item.supplier.name : undefined],
                [t('fact.unit_cost'), money(item.unit_cost, locale)],
                [t('fact.costing'), t(`costing.${item.costing}`)],
                [t('fact.tracking'), t(`tracking.${item.tracking}`)],
                [t('fact.barcode'), item.barcode ? <Code>{item.barcode}</Code> : undefined],
              ]}
            />
          </Panel>
          {may('catalog.read') ? <Prices item={item} /> : null}
        </div>
      </div>
      {sheet === 'move' ? <MovementSheet item={item} start={firstMove(stock.data?.by_location ?? [])} onClose={close} /> : null}
      {sheet === 'send' ? <SendSheet item={item} from={onlyPlace(stock.data?.by_location)} onClose={close} /> : null}
      {sheet === 'edit' ? <ItemSheet item={item} onClose={close} /> : null}
    </article>
  )
}

function Held({ item }: { item: Item }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const held = useQuery(itemReservationsQuery(item.id)).data
  if (!held || held.length === 0) return null
  return (
    <Panel title={t('reservations')} flush>
      <ul className={classes.rows}>
        {held.map((each) => (
          <li key={each.id}>
            <State noun="reservation" state={each.status} />
            <span className={classes.what}>
              {may('work_orders.read') ? (
                <Go href={`/work-orders/${each.work_order.id}`}>
                  <RecordNumber value={each.work_order.number ?? ''} /> {each.work_order.name}
                </Go>
              ) : (
                each.work_order.name
              )}
            </span>
            {each.expires_on ? <span className={classes.quiet}>{t('until', { date: date(each.expires_on, locale, todayAt(zone)) })}</span> : null}
            <span className={classes.figure}>
              {t('of', { part: quantity(each.held, locale), whole: quantity(each.quantity, locale) })} {each.unit}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** The orders of which some of the item has still to come. */
function OnOrder({ item }: { item: Item }) {
  const { t } = useTranslation('stock')
  const orders = useQuery(openOrdersQuery({ item_id: [item.id] })).data
  if (!orders || orders.length === 0) return null
  return (
    <Panel title={t('on_order')} flush>
      <OrderRows orders={orders} />
    </Panel>
  )
}

function Prices({ item }: { item: Item }) {
  const { t } = useTranslation('stock')
  const { locale } = usePlace()
  const prices = useQuery(itemPricesQuery(item.id)).data
  if (!prices) return null
  return (
    <Panel title={t('prices')} flush>
      {prices.length === 0 ? <p className={classes.none}>{t('prices.none')}</p> : null}
      <ul className={classes.rows}>
        {prices.map((price) => (
          <li key={price.id}>
            <span className={classes.what}>
              <Link to="/suppliers/$supplierId" params={{ supplierId: price.supplier_id }}>
                {price.supplier.name}
              </Link>
            </span>
            <span className={classes.figure}>{money(price.price, locale)}</span>
            {price.supplier_code || price.min_quantity ? (
              <span className={`${classes.wide} ${classes.quiet}`}>{[price.supplier_code, price.min_quantity && t('prices.min', { quantity: quantity(price.min_quantity, locale) })].filter(Boolean).join(', ')}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
