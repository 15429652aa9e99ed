import { Button } from '@mantine/core'
import { IconClipboardText, IconPackageExport, IconPackageImport, IconPlus, IconScan } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { CommandProblem } from '../../kit/CommandProblem'
import { ChoiceField, DateField, DecimalField, FormProblem } from '../../kit/Fields'
import { date, quantity, today as todayAt } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useSheet } from '../../kit/useSheet'
import { codeOf } from '../scan/wedge'
import { useWedge } from '../scan/useWedge'
import { Ledger } from './Ledger'
import { onlyPlace, reservationBody, type ReserveValues } from './movements'
import { MovementSheet } from './MovementSheet'
import { OrderRows } from './OrderRows'
import classes from './Page.module.css'
import { PartSheet } from './PartSheet'
import { PickField } from './PickField'
import { itemQuery, itemStockQuery, orderReservationsQuery, ordersQuery, type Reservation, stockKeys } from './queries'
import type { Picked, PickedItem } from './picked'
import { UnitField } from './UnitField'
import { pickedItem } from './units'
import { items, shelves } from './sources'
import { SuggestedParts } from './SuggestedParts'

interface OrderPartsProps {
  order: { id: string; number: string; title: string; status: string; asset?: Schemas['Ref'] | null }
}

interface Move {
  what: 'move'
  kind: 'issue' | 'return'
  itemId: string
  place?: Picked
  quantity: string
}

/** What is asked for: an item by its label or name, a movement of it, or a reservation. */
type Asked = Move | { what: 'find' | 'reserve-found'; code?: string } | { what: 'reserve'; itemId?: string; quantity?: string }

const over = new Set(['closed', 'cancelled'])
const givenUp = new Set(['released', 'expired'])

/** The parts of a work order: what is held for it, what has still to come, and what it got. */
export function OrderParts({ order }: OrderPartsProps) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const parts = useQuery(orderReservationsQuery(order.id))
  const bought = useQuery({ ...ordersQuery({ work_order_id: [order.id] }), enabled: may('purchase_orders.read') }).data
  const { sheet: asked, open: setAsked, close } = useSheet<Asked>()
  const open = !over.has(order.status)
  const issues = open && may('stock_movements.write')
  const reserves = open && may('reservations.write')
  // A label that is read while nothing else is asked for begins the movement that the reader may make.
  useWedge((code) => {
    if (!asked && (issues || reserves)) setAsked({ what: issues ? 'find' : 'reserve-found', code: codeOf(code) })
  })
  const release = useCommand(({ id }: { id: string }, key: string) => ok(api.POST('/v1/reservations/{id}/release', { params: { path: { id }, header: { 'Idempotency-Key': key } } })), { refresh: stockKeys })
  if (!parts.data) return parts.error ? <Failed error={parts.error} retry={() => void parts.refetch()} /> : <Loading rows={3} />
  const written = (value: string, unit: string) => `${quantity(value, locale)} ${unit}`
  return (
    <div className={classes.column}>
      {issues || reserves || (open && may('requisitions.create')) ? (
        <div className={classes.commands}>
          {issues ? (
            <Button variant="filled" leftSection={<IconScan size={16} stroke={1.75} />} onClick={() => setAsked({ what: 'find' })}>
              {t('parts.scan')}
            </Button>
          ) : null}
          {reserves ? (
            <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAsked(issues ? { what: 'reserve' } : { what: 'reserve-found' })}>
              {t('reserve')}
            </Button>
          ) : null}
          {open && may('requisitions.create') ? (
            <Button leftSection={<IconClipboardText size={16} stroke={1.75} />} renderRoot={(props) => <Link to="/requisitions/new" search={{ work_order_id: order.id }} {...props} />}>
              {t('requisitions:ask')}
            </Button>
          ) : null}
        </div>
      ) : null}
      <CommandProblem error={release.error} again={() => release.variables && release.mutate(release.variables)} />
      {parts.data.length === 0 ? <Note title={t('parts.none')}>{t('parts.none_help')}</Note> : null}
      <ul className={classes.rows}>
        {parts.data.map((part) => {
          const waits = part.status === 'reserved' || part.status === 'backordered'
          return (
            <li key={part.id}>
              <State noun="reservation" state={part.status} />
              <span className={classes.what}>
                <Link to="/items/$itemId" params={{ itemId: part.item_id }}>
                  <Code>{part.item.code}</Code> {part.item.name}
                </Link>
              </span>
              <span className={classes.figure}>{written(part.quantity, part.unit)}</span>
              {waits && issues && part.held !== '0' ? (
                <Button leftSection={<IconPackageExport size={16} stroke={1.75} />} aria-label={t('parts.issue_of', { code: part.item.code })} onClick={() => setAsked({ what: 'move', kind: 'issue', itemId: part.item_id, place: placeOf(part), quantity: part.held })}>
                  {t('do.issue')}
                </Button>
              ) : null}
              {issues && part.issued !== '0' ? (
                <Button leftSection={<IconPackageImport size={16} stroke={1.75} />} aria-label={t('parts.return_of', { code: part.item.code })} onClick={() => setAsked({ what: 'move', kind: 'return', itemId: part.item_id, place: placeOf(part), quantity: '' })}>
                  {t('do.return')}
                </Button>
              ) : null}
              {waits && may('reservations.write') ? (
                <Button aria-label={t('parts.release_of', { code: part.item.code })} onClick={() => release.mutate({ id: part.id })}>
                  {t('parts.release')}
                </Button>
              ) : null}
              <span className={`${classes.wide} ${classes.quiet}`}>
                {t('parts.progress', { held: written(part.held, part.unit), missing: quantity(part.missing, locale), issued: quantity(part.issued, locale), place: part.location.code ?? part.location.name })}
                {part.expires_on ? ` ${t('until', { date: date(part.expires_on, locale, todayAt(zone)) })}` : null}
              </span>
            </li>
          )
        })}
      </ul>
      {order.asset && (issues || reserves) && may('spare_parts.read') ? (
        <SuggestedParts
          asset={order.asset}
          taken={new Set(parts.data.filter(({ status }) => !givenUp.has(status)).map(({ item_id }) => item_id))}
          onReserve={reserves ? ({ item_id, quantity: amount }) => setAsked({ what: 'reserve', itemId: item_id, quantity: amount }) : undefined}
          onIssue={issues ? ({ item_id, quantity: amount }) => setAsked({ what: 'move', kind: 'issue', itemId: item_id, quantity: amount }) : undefined}
        />
      ) : null}
      {bought && bought.length > 0 ? (
        <Panel title={t('parts.bought')} flush>
          <OrderRows orders={bought} />
        </Panel>
      ) : null}
      {may('stock_movements.read') ? <Ledger of={{ work_order_id: order.id }} /> : null}
      {asked?.what === 'find' || asked?.what === 'reserve-found' ? (
        <PartSheet
          title={t(asked.what === 'find' ? 'parts.scan' : 'reserve')}
          code={asked.code}
          onClose={close}
          onItem={(itemId) => {
            const held = parts.data.find((part) => part.item_id === itemId && part.held !== '0')
            setAsked(asked.what === 'find' ? { what: 'move', kind: 'issue', itemId, place: held && placeOf(held), quantity: held?.held ?? '1' } : { what: 'reserve', itemId })
          }}
        />
      ) : null}
      {asked?.what === 'reserve' ? <ReserveFor order={order} itemId={asked.itemId} quantity={asked.quantity} onClose={close} /> : null}
      {asked?.what === 'move' ? <MoveFor order={order} asked={asked} onClose={close} /> : null}
    </div>
  )
}

const placeOf = ({ location }: Reservation): Picked => ({ id: location.id, code: location.code ?? '', name: location.name })

/** Hands out, or takes back: place, quantity and work order are filled in. Where nothing is held, the place where all of it lies. */
function MoveFor({ order, asked, onClose }: OrderPartsProps & { asked: Move; onClose: () => void }) {
  const item = useQuery(itemQuery(asked.itemId)).data?.data
  const stock = useQuery(itemStockQuery(asked.itemId)).data
  if (!item || !stock) return null
  const place = asked.place ?? onlyPlace(stock.by_location)
  return <MovementSheet item={item} start={{ kind: asked.kind, quantity: asked.quantity, location_id: place, work_order_id: { id: order.id, code: order.number, name: order.title } }} fixed onClose={onClose} />
}

/** Reserves, of what was found or of what is picked. */
function ReserveFor({ order, itemId, quantity: amount, onClose }: OrderPartsProps & { itemId?: string; quantity?: string; onClose: () => void }) {
  const item = useQuery({ ...itemQuery(itemId ?? ''), enabled: itemId !== undefined }).data?.data
  const stock = useQuery({ ...itemStockQuery(itemId ?? ''), enabled: itemId !== undefined }).data
  if (itemId !== undefined && (!item || !stock)) return null
  return <ReserveSheet order={order} item={item && pickedItem(item)} start={amount} place={onlyPlace(stock?.by_location)} onClose={onClose} />
}

function ReserveSheet({ order, item, start = '1', place, onClose }: OrderPartsProps & { item?: PickedItem; start?: string; place: Picked | null; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const { zone } = usePlace()
  const form = useFields<ReserveValues>({ item_id: item ?? null, location_id: place, quantity: item ? start : '', unit: item?.unit ?? '', kind: 'hard', expires_on: '' })
  const reserve = useCommand(
    (body: Schemas['ReservationBody'], key: string) => ok(api.POST('/v1/work-orders/{id}/reservations', { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: stockKeys, done: onClose },
  )
  const { item_id, unit } = form.values
  const send = () => reserve.mutate(reservationBody(form.values), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('reserve.title', { number: order.number })} onClose={onClose} submit={t('reserve')} onSubmit={send} busy={reserve.isPending}>
      <FormProblem form={form} error={reserve.error} again={send} />
      <PickField form={form} name="item_id" label={t('item')} source={items} onPicked={(picked) => form.set('unit', picked?.unit ?? '')} />
      <PickField form={form} name="location_id" label={t('movement.from')} source={shelves} />
      <DecimalField form={form} name="quantity" label={t('quantity')} unit={unit} />
      <UnitField form={form} units={item_id?.units ?? []} />
      <ChoiceField form={form} name="kind" label={t('reserve.kind')} choices={['hard', 'soft'].map((value) => ({ value, label: t(`reserve.${value}`) }))} />
      <DateField form={form} name="expires_on" label={t('reserve.expires')} optional min={todayAt(zone)} />
    </Sheet>
  )
}
