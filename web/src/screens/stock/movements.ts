import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import { sum } from '../work-orders/detail/sums'
import type { Item, ItemStock } from './queries'
import { idOf, type Picked, type PickedItem } from './picked'
import { askedUnit } from './units'

/** What a person can do with stock. */
export const movementKinds = ['issue', 'receipt', 'return', 'transfer', 'put_away', 'adjustment', 'scrap'] as const
export type MovementKind = (typeof movementKinds)[number]

export interface MovementValues {
  kind: string
  location_id: Picked | null
  to_location_id: Picked | null
  quantity: string
  unit: string
  unit_cost: string
  work_order_id: Picked | null
  cost_center_id: Picked | null
  lot: string
  serial: string
  reason: string
}

export const noMovement: MovementValues = { kind: 'issue', location_id: null, to_location_id: null, quantity: '', unit: '', unit_cost: '', work_order_id: null, cost_center_id: null, lot: '', serial: '', reason: '' }

const charged = (kind: string) => kind === 'issue' || kind === 'return'

/** The fields that a kind of movement has beside place and quantity. */
export const fieldsOf = (kind: string) => ({
  to: kind === 'transfer' || kind === 'put_away',
  cost: kind === 'receipt',
  charge: charged(kind),
  reason: kind === 'adjustment' || kind === 'scrap',
})

/** The request: only what its kind takes, and what the item's tracking names. */
export function movementBody({ id, tracking, unit }: Pick<Item, 'id' | 'tracking' | 'unit'>, values: MovementValues): Schemas['StockMovementBody'] {
  const { kind } = values
  const fields = fieldsOf(kind)
  return {
    item_id: id,
    kind: kind as MovementKind,
    location_id: idOf(values.location_id),
    quantity: tracking === 'serial' && kind !== 'adjustment' ? '1' : decimalOf(values.quantity),
    unit: askedUnit({ unit }, values.unit),
    to_location_id: fields.to ? values.to_location_id?.id : undefined,
    unit_cost: fields.cost && values.unit_cost ? decimalOf(values.unit_cost) : undefined,
    work_order_id: fields.charge ? values.work_order_id?.id : undefined,
    cost_center_id: fields.charge && !values.work_order_id ? values.cost_center_id?.id : undefined,
    reason: values.reason.trim() || undefined,
    lot: tracking === 'lot' ? values.lot.trim() || undefined : undefined,
    serial: tracking === 'serial' ? values.serial.trim() || undefined : undefined,
  }
}

export interface ReserveValues {
  item_id: PickedItem | null
  location_id: Picked | null
  quantity: string
  unit: string
  kind: string
  expires_on: string
}

/** The request that reserves. */
export const reservationBody = ({ item_id, location_id, quantity, unit, kind, expires_on }: ReserveValues): Schemas['ReservationBody'] => ({
  item_id: idOf(item_id),
  location_id: idOf(location_id),
  quantity: decimalOf(quantity),
  unit: item_id ? askedUnit(item_id, unit) : undefined,
  kind: kind as 'hard' | 'soft',
  expires_on: expires_on || undefined,
})

const isDecimal = (text: string) => /^-?\d+(\.\d+)?$/.test(text)

/** How much lies at the place now and after the movement; nothing while that cannot be said. */
export function effectOf(stock: ItemStock | undefined, values: MovementValues): { now: string; after: string } | undefined {
  const amount = decimalOf(values.quantity)
  if (!stock || !values.location_id || !isDecimal(amount)) return undefined
  const now = stock.by_location?.find(({ location_id }) => location_id === values.location_id?.id)?.on_hand ?? '0'
  const out = ['issue', 'transfer', 'put_away', 'scrap'].includes(values.kind)
  return { now, after: sum([now, out ? negated(amount) : amount]) }
}

/** The same with the other sign. */
export const negated = (amount: string) => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`)

type Place = { location: { id: string; code?: string; name: string }; kind?: string }

/** Places from which something can be taken: what is on the way is in none. */
export const reachable = <P extends Place>(places: P[] | null | undefined): P[] => (places ?? []).filter(({ kind }) => kind !== 'transit')

const pickedPlace = ({ location }: Place): Picked => ({ id: location.id, code: location.code ?? '', name: location.name })

/** The place where all of it lies; null where it lies in several or nowhere. */
export function onlyPlace(places: Place[] | null | undefined): Picked | null {
  const [only, ...others] = reachable(places)
  return only && others.length === 0 ? pickedPlace(only) : null
}

/** What lies nowhere can only come in; what lies in one place is taken from there. */
export function firstMove(places: Place[]): Partial<MovementValues> {
  if (reachable(places).length === 0) return { kind: 'receipt' }
  const place = onlyPlace(places)
  return place ? { location_id: place } : {}
}
