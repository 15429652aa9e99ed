export interface Change {
  field: string
  before: string
  after: string
}

const hidden = ['id', 'version', 'tenant_id', 'created_at', 'updated_at', 'site_id']

/** What an event changed, field by field, as texts; without what people do not know, ids among it. */
export function changesOf(before: Record<string, unknown> | undefined, after: Record<string, unknown> | undefined): Change[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...fields]
    .filter((field) => !hidden.includes(field) && !field.endsWith('_id'))
    .map((field) => ({ field, before: words(before?.[field]), after: words(after?.[field]) }))
    .filter((change) => change.before !== change.after)
}

function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(words).join(', ')
  const { amount, currency, code, name, item, quantity, note } = value as Record<string, unknown>
  if (amount !== undefined) return `${String(amount)} ${String(currency ?? '')}`.trim()
  if (name !== undefined) return [code, name].filter(Boolean).join(' ')
  if (item !== undefined) return `${String(quantity)} ${String(item)}${note ? ` (${String(note)})` : ''}`
  const text = JSON.stringify(value)
  return text === '{}' ? '' : text
}
