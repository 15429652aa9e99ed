/** One field of a record before and after an event. */
export interface Change {
  field: string
  before: string
  after: string
}

const hidden = new Set(['version', 'updated_at'])

/** What differs, field by field, in the order of their names; what only counts or dates the change itself is left out. */
export function changesOf(before: Record<string, unknown> | null | undefined, after: Record<string, unknown> | null | undefined): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort()
  return fields
    .filter((field) => !hidden.has(field))
    .map((field) => ({ field, before: textOf(before?.[field]), after: textOf(after?.[field]) }))
    .filter(({ before: was, after: is }) => was !== is)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'object') {
    const { amount, currency, ...rest } = value as Record<string, unknown>
    if (amount !== undefined && currency !== undefined && Object.keys(rest).length === 0) return `${String(amount)} ${String(currency)}`
    return JSON.stringify(value)
  }
  return String(value)
}

const pages: Record<string, (id: string) => string> = {
  asset: (id) => `/assets/${id}`,
  work_order: (id) => `/work-orders/${id}`,
  work_request: (id) => `/requests/${id}`,
  maintenance_schedule: (id) => `/schedules/${id}`,
  asset_template: (id) => `/asset-templates/${id}`,
  asset_transfer: (id) => `/asset-transfers/${id}`,
  asset_disposal: (id) => `/asset-disposals/${id}`,
  item: (id) => `/items/${id}`,
  supplier: (id) => `/suppliers/${id}`,
  requisition: (id) => `/requisitions/${id}`,
  purchase_order: (id) => `/purchase-orders/${id}`,
  approval_case: (id) => `/approvals/${id}`,
  approval_policy: (id) => `/admin/approval-policies/${id}`,
  restore_drill: (id) => `/admin/restore-drills/${id}`,
  retention_run: (id) => `/admin/retention-runs/${id}`,
  import: (id) => `/imports/${id}`,
  user: (id) => `/admin/users/${id}`,
}

/** The page of the record that an event is about; undefined where it has none. */
export const pageOf = (type: string, id: string): string | undefined => pages[type]?.(id)

/** «work_order.hold» -> noun and verb. */
export function partsOf(action: string): [noun: string, verb: string] {
  const at = action.indexOf('.')
  return at < 0 ? [action, ''] : [action.slice(0, at), action.slice(at + 1)]
}
