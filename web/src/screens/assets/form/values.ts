import type { Schemas } from '../../../api/client'
import type { Asset } from '../queries'
import { type RefValue, refOf } from '../refs'

/** What the form of an asset holds; names are those of the API, so that a refusal finds its field. */
export interface AssetValues {
  code: string
  name: string
  description: string
  category_id: RefValue | null
  location_id: RefValue | null
  parent_id: RefValue | null
  serial_number: string
  barcode: string
  manufacturer: string
  model: string
  criticality: string
  lifecycle_state: string
  operating_state: string
  department_id: RefValue | null
  cost_center_id: RefValue | null
  purchase_price: string
  purchased_on: string
  installed_on: string
  warranty_until: string
  replacement_price: string
}

export const noValues: AssetValues = {
  code: '',
  name: '',
  description: '',
  category_id: null,
  location_id: null,
  parent_id: null,
  serial_number: '',
  barcode: '',
  manufacturer: '',
  model: '',
  criticality: '',
  lifecycle_state: 'in_service',
  operating_state: 'up',
  department_id: null,
  cost_center_id: null,
  purchase_price: '',
  purchased_on: '',
  installed_on: '',
  warranty_until: '',
  replacement_price: '',
}

export function valuesOf(asset: Asset): AssetValues {
  return {
    code: asset.code,
    name: asset.name,
    description: asset.description,
    category_id: refOf(asset.category),
    location_id: refOf(asset.location),
    parent_id: refOf(asset.parent),
    serial_number: asset.serial_number ?? '',
    barcode: asset.barcode ?? '',
    manufacturer: asset.manufacturer,
    model: asset.model,
    criticality: asset.criticality,
    lifecycle_state: asset.lifecycle_state,
    operating_state: asset.operating_state,
    department_id: refOf(asset.department),
    cost_center_id: refOf(asset.cost_center),
    purchase_price: asset.purchase_price?.amount ?? '',
    purchased_on: asset.purchased_on ?? '',
    installed_on: asset.installed_on ?? '',
    warranty_until: asset.warranty_until ?? '',
    replacement_price: asset.replacement_price?.amount ?? '',
  }
}

/** What is sent of a value: of a record its id, nothing as null. */
export const meant = (value: AssetValues[keyof AssetValues]): string | null => (value === null || value === '' ? null : typeof value === 'string' ? value : value.id)

/** The body of a creation: what was left empty is left out. */
export function newBody(values: AssetValues): Schemas['AssetBody'] {
  const all = Object.entries(values).map(([key, value]) => [key, meant(value)] as const)
  // What is needed and missing goes as an empty text: the server names the field.
  const needed = ['code', 'name', 'category_id', 'location_id']
  return Object.fromEntries(all.flatMap(([key, value]) => (value === null ? (needed.includes(key) ? [[key, '']] : []) : [[key, value]]))) as unknown as Schemas['AssetBody']
}

/** The body of a change: only what differs; emptied fields go as null. Where an asset stands is changed by moving it. */
export function changedBody(before: AssetValues, after: AssetValues): Schemas['AssetPatch'] {
  const fixed: (keyof AssetValues)[] = ['location_id', 'parent_id']
  const keys = (Object.keys(after) as (keyof AssetValues)[]).filter((key) => !fixed.includes(key) && meant(before[key]) !== meant(after[key]))
  return Object.fromEntries(keys.map((key) => [key, meant(after[key])])) as Schemas['AssetPatch']
}
