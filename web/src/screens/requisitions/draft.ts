import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import type { Picked, PickedItem } from '../stock/picked'
import { askedUnit } from '../stock/units'
import type { Requisition, RequisitionLine } from './queries'

/** A line as it is typed; `key` tells lines apart. The fields are named as the request's. */
export interface WantedLine {
  key: string
  item_id: PickedItem | null
  description: string
  quantity: string
  unit: string
  work_order_id: Picked | null
  cost_center_id: Picked | null
}

export interface WantedDraft {
  note: string
  needed_on: string
  department_id: Picked | null
  lines: WantedLine[]
}

let made = 0

export const emptyLine = (): WantedLine => ({ key: `new ${++made}`, item_id: null, description: '', quantity: '', unit: '', work_order_id: null, cost_center_id: null })

/** The request; what was left empty is left out. A work order is charged before a cost center. */
export function bodyOf({ note, needed_on, department_id, lines }: WantedDraft): Schemas['RequisitionBody'] {
  return {
    note: note.trim() || undefined,
    needed_on: needed_on || undefined,
    department_id: department_id?.id,
    lines: lines.map((line) => ({
      item_id: line.item_id?.id,
      description: line.description.trim() || undefined,
      unit: line.item_id ? askedUnit(line.item_id, line.unit) : line.unit.trim() || undefined,
      quantity: decimalOf(line.quantity) || '0',
      work_order_id: line.work_order_id?.id,
      cost_center_id: line.work_order_id ? undefined : line.cost_center_id?.id,
    })),
  }
}

/** Whom all lines that name one name: the supplier that the order begins with. */
export function supplierOf({ lines }: Pick<Requisition, 'lines'>): Picked | null {
  const named = new Map((lines ?? []).flatMap(({ supplier }) => (supplier ? [[supplier.id, supplier]] : [])))
  const [only] = named.values()
  return only && named.size === 1 ? { id: only.id, code: only.code ?? '', name: only.name } : null
}

/** How a line is ordered: as it was asked for, or as the server says where its unit is no longer what it was. */
export const asOrdered = ({ quantity, unit, order_as }: Pick<RequisitionLine, 'quantity' | 'unit' | 'order_as'>) => order_as ?? { quantity, unit }

/** The lines of the order: what the requisition asks for, with the prices that were typed. */
export function orderLines({ lines }: Pick<Requisition, 'lines'>, prices: string[]): Schemas['PurchaseOrderLineBody'][] {
  return (lines ?? []).map((line, at) => ({
    item_id: line.item_id,
    description: line.item_id ? undefined : line.description,
    quantity: asOrdered(line).quantity,
    unit: asOrdered(line).unit || undefined,
    unit_price: decimalOf(prices[at] ?? '') || undefined,
    work_order_id: line.work_order_id,
    cost_center_id: line.cost_center_id,
  }))
}
