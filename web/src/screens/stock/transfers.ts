import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import { idOf, type Picked } from './picked'
import { askedUnit } from './units'

/** What becomes of something that is on the way. */
export const transferSteps = ['receive', 'return', 'adjust', 'scrap'] as const
export type TransferStep = (typeof transferSteps)[number]

export interface SendValues {
  location_id: Picked | null
  to_location_id: Picked | null
  quantity: string
  unit: string
  lot: string
  serial: string
  reason: string
}

interface Sent {
  id: string
  unit: string
  tracking: string
}

/** The request that sends stock away; only what the item's tracking names. */
export const sendBody = (item: Sent, values: SendValues): Schemas['StockTransferBody'] => ({
  item_id: item.id,
  location_id: idOf(values.location_id),
  to_location_id: idOf(values.to_location_id),
  quantity: item.tracking === 'serial' ? '1' : decimalOf(values.quantity),
  unit: askedUnit(item, values.unit),
  lot: item.tracking === 'lot' ? values.lot.trim() || undefined : undefined,
  serial: item.tracking === 'serial' ? values.serial.trim() || undefined : undefined,
  reason: values.reason.trim() || undefined,
})

/** The request of a step: a place only where something is received. */
export const stepBody = (step: string, values: { quantity: string; location_id: Picked | null; reason: string }): Schemas['StockTransferStepBody'] => ({
  quantity: decimalOf(values.quantity),
  location_id: step === 'receive' ? values.location_id?.id : undefined,
  reason: values.reason.trim() || undefined,
})
