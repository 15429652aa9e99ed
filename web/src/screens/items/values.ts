import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import type { Item } from '../stock/queries'
import { type Picked, pickedOf } from '../stock/picked'

export interface ItemValues {
  code: string
  name: string
  description: string
  unit: string
  purchase_unit: string
  purchase_factor: string
  issue_unit: string
  issue_factor: string
  decimals: string
  costing: string
  tracking: string
  barcode: string
  unit_cost: string
  reorder_point: string
  safety_stock: string
  max_stock: string
  lead_days: string
  supplier_id: Picked | null
}

export function valuesOf(item: Item | undefined, unit: string): ItemValues {
  return {
    code: item?.code ?? '',
    name: item?.name ?? '',
    description: item?.description ?? '',
    unit: item?.unit ?? unit,
    purchase_unit: item?.purchase_unit ?? '',
    purchase_factor: item?.purchase_factor ?? '',
    issue_unit: item?.issue_unit ?? '',
    issue_factor: item?.issue_factor ?? '',
    decimals: item?.decimals === undefined ? '' : String(item.decimals),
    costing: item?.costing ?? 'moving_average',
    tracking: item?.tracking ?? 'none',
    barcode: item?.barcode ?? '',
    unit_cost: item?.unit_cost?.amount ?? '',
    reorder_point: item?.reorder_point ?? '',
    safety_stock: item?.safety_stock ?? '',
    max_stock: item?.max_stock ?? '',
    lead_days: item?.lead_days === undefined ? '' : String(item.lead_days),
    supplier_id: pickedOf(item?.supplier),
  }
}

const units = ['purchase_unit', 'issue_unit'] as const
const decimals = ['purchase_factor', 'issue_factor', 'unit_cost', 'reorder_point', 'safety_stock', 'max_stock'] as const

/** A new item: what was left empty is left out. */
export function newBody(values: ItemValues): Schemas['ItemBody'] {
  const body: Record<string, unknown> = { code: values.code.trim(), name: values.name.trim(), unit: values.unit.trim(), costing: values.costing, tracking: values.tracking }
  if (values.description.trim()) body.description = values.description.trim()
  if (values.barcode.trim()) body.barcode = values.barcode.trim()
  for (const key of units) if (values[key].trim()) body[key] = values[key].trim()
  if (values.decimals) body.decimals = Number(values.decimals)
  for (const key of decimals) if (values[key]) body[key] = decimalOf(values[key])
  if (values.lead_days) body.lead_days = Number(values.lead_days)
  if (values.supplier_id) body.supplier_id = values.supplier_id.id
  return body as unknown as Schemas['ItemBody']
}

/** What differs; null for what was emptied. */
export function changedBody(from: ItemValues, to: ItemValues): Schemas['ItemPatch'] {
  const body: Record<string, unknown> = {}
  for (const key of ['code', 'name', 'description', 'unit', 'costing', 'tracking', 'barcode'] as const) if (from[key] !== to[key].trim()) body[key] = to[key].trim()
  for (const key of units) if (from[key] !== to[key].trim()) body[key] = to[key].trim() || null
  if (from.decimals !== to.decimals && to.decimals) body.decimals = Number(to.decimals)
  for (const key of decimals) if (from[key] !== to[key]) body[key] = to[key] ? decimalOf(to[key]) : null
  if (from.lead_days !== to.lead_days) body.lead_days = to.lead_days ? Number(to.lead_days) : null
  if (from.supplier_id?.id !== to.supplier_id?.id) body.supplier_id = to.supplier_id?.id ?? null
  return body
}
