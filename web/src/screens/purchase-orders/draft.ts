import type { Schemas } from '../../api/client'
import { decimalOf, type Fault } from '../../kit/faults'
import { type Picked, type PickedItem, pickedOf } from '../stock/picked'
import { askedUnit } from '../stock/units'
import type { PurchaseOrder } from './queries'

/** A line as it is typed. `key` tells lines apart while the order has none. */
export interface DraftLine {
  key: string
  id?: string
  item: PickedItem | null
  description: string
  quantity: string
  unit: string
  unit_price: string
  promised_on: string
  work_order: Picked | null
  cost_center: Picked | null
  asset_template_id?: string
}

export interface Draft {
  supplier_id: Picked | null
  currency: string
  note: string
  lines: DraftLine[]
}

let made = 0

export const emptyLine = (): DraftLine => ({ key: `new ${++made}`, item: null, description: '', quantity: '', unit: '', unit_price: '', promised_on: '', work_order: null, cost_center: null })

/** An order as a draft of its change. */
export function draftOf(order: PurchaseOrder): Draft {
  return {
    supplier_id: pickedOf(order.supplier),
    currency: order.currency,
    note: order.note ?? '',
    lines: (order.lines ?? []).map((line) => ({
      key: line.id,
      id: line.id,
      item: line.item ? { id: line.item.id, code: line.item.code ?? '', name: line.item.name, unit: line.stock_unit ?? line.unit, units: [...new Set([line.stock_unit ?? line.unit, line.unit])] } : null,
      description: line.description,
      quantity: line.quantity,
      unit: line.unit,
      unit_price: line.unit_price.amount,
      promised_on: line.promised_on ?? '',
      work_order: pickedOf(line.work_order),
      cost_center: pickedOf(line.cost_center),
      asset_template_id: line.asset_template_id,
    })),
  }
}

/** The lines of the request; what was left empty is the server's to fill in. */
export function linesOf(draft: Draft): Schemas['PurchaseOrderLineBody'][] {
  return draft.lines.map((line) => ({
    id: line.id,
    item_id: line.item?.id,
    description: line.description.trim() || undefined,
    quantity: decimalOf(line.quantity),
    unit: line.item ? askedUnit(line.item, line.unit) : line.unit.trim() || undefined,
    unit_price: line.unit_price ? decimalOf(line.unit_price) : undefined,
    promised_on: line.promised_on || undefined,
    work_order_id: line.work_order?.id,
    cost_center_id: line.work_order ? undefined : line.cost_center?.id,
    asset_template_id: line.asset_template_id,
  }))
}

const line = /^\/lines\/(\d+)\/([a-z_]+)/

/** The server's sentences about one line, by the names of its fields. */
export function faultsOfLine(faults: Fault[], at: number): Fault[] {
  return faults.flatMap(({ pointer, detail }) => {
    const [, index, field = ''] = line.exec(pointer) ?? []
    return Number(index) === at ? [{ pointer: `/${field.replace(/^(item|work_order|cost_center)_id$/, '$1')}`, detail }] : []
  })
}

/** What the server says about the order itself. */
export const faultsOfOrder = (faults: Fault[]): Fault[] => faults.filter(({ pointer }) => !line.test(pointer))
