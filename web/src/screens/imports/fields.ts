import type { Schemas } from '../../api/client'

export type Import = Schemas['Import']

/** What can be imported, in the order in which one thing needs the other. */
export const kinds = ['locations', 'assets', 'meters', 'meter-readings', 'maintenance-schedules', 'work-orders', 'users'] as const
export type Kind = (typeof kinds)[number]

/** What a person needs beside `imports.run`. */
export const permissionOf: Record<Kind, string> = {
  locations: 'locations.write',
  assets: 'assets.write',
  meters: 'meters.write',
  'meter-readings': 'meter_readings.write',
  'maintenance-schedules': 'maintenance_schedules.write',
  'work-orders': 'work_orders.write',
  users: 'users.write',
}

/** The fields that a column can be mapped to, the needed ones first (docs/import-export.md). */
export const fieldsOf: Record<Kind, { needed: string[]; others: string[] }> = {
  locations: { needed: ['code', 'name', 'kind'], others: ['parent', 'time_zone'] },
  assets: {
    needed: ['code', 'name', 'category', 'location'],
    others: ['description', 'parent', 'department', 'cost_center', 'serial_number', 'barcode', 'manufacturer', 'model', 'criticality', 'lifecycle_state', 'purchase_price', 'purchased_on', 'installed_on', 'warranty_until'],
  },
  meters: { needed: ['asset', 'name', 'unit', 'kind'], others: ['rollover_at'] },
  'meter-readings': { needed: ['asset', 'meter', 'value', 'read_at'], others: [] },
  'maintenance-schedules': {
    needed: ['asset', 'title'],
    others: ['rrule', 'starts_on', 'meter', 'meter_every', 'shift_factor', 'tolerance_pct', 'lead_days', 'catch_up', 'priority', 'last_completed_on', 'planned_hours', 'estimated_cost'],
  },
  'work-orders': {
    needed: ['import_key', 'asset', 'title', 'closed_on'],
    others: ['description', 'type', 'priority', 'status', 'created_on', 'resolution', 'cost', 'cost_kind', 'reading'],
  },
  users: { needed: ['email', 'name', 'roles'], others: ['department', 'labor_rate', 'time_zone'] },
}

const bare = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')

/** Maps columns to the fields of their names; each field takes one column. `labels` are the words of the fields in the person's language. */
export function guessColumns(header: string[], kind: Kind, labels: (field: string) => string): Record<string, string> {
  const { needed, others } = fieldsOf[kind]
  const free = new Set([...needed, ...others])
  const out: Record<string, string> = {}
  for (const column of header) {
    const name = bare(column)
    const field = [...free].find((one) => one === name || bare(labels(one)) === name)
    if (!field || !name) continue
    free.delete(field)
    out[column] = field
  }
  return out
}

/** Fields that every row needs and that neither a column nor a constant gives. */
export const lacking = (kind: Kind, columns: Record<string, string>, constants: Record<string, string>): string[] =>
  fieldsOf[kind].needed.filter((field) => !Object.values(columns).includes(field) && !constants[field]?.trim())
