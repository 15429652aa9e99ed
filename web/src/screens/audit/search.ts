import { addDays } from '../../kit/figures'
import { textParams, valuesOf } from '../../kit/filterValues'
import { offsetAt } from '../schedules/dates'

export const filterKeys = ['subject_type', 'subject_id', 'actor_id', 'action', 'from', 'to'] as const

/** What an audit log shows; it stands in the address. Days are those of the site's clock. */
export type AuditSearch = Partial<Record<(typeof filterKeys)[number] | 'open' | 'sort', string>>

export const auditSearch = (search: Record<string, unknown>): AuditSearch => textParams(search, [...filterKeys, 'open', 'sort'])
export const filterCount = (search: AuditSearch): number => ['subject_type', 'subject_id', 'actor_id', 'action'].filter((key) => search[key as keyof AuditSearch]).length + (search.from || search.to ? 1 : 0)

/** The instant at which a day begins at a zone. */
export function dayStart(day: string, zone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`)
  // The clocks may change on the very day: what counts is the offset at its midnight, which is that of the noon before.
  return new Date(utc - offsetAt(addDays(day, -1), zone) * 60_000).toISOString()
}

/** The question to the API. */
export function queryOf(search: AuditSearch, zone: string) {
  return {
    subject_type: search.subject_type ? valuesOf(search.subject_type) : undefined,
    subject_id: search.subject_id ? valuesOf(search.subject_id) : undefined,
    actor_id: search.actor_id ? valuesOf(search.actor_id) : undefined,
    action: search.action ? valuesOf(search.action) : undefined,
    from: search.from ? dayStart(search.from, zone) : undefined,
    to: search.to ? dayStart(addDays(search.to, 1), zone) : undefined,
    sort: search.sort === 'at' ? ('at' as const) : ('-at' as const),
  }
}
