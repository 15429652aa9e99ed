import { valuesOf } from '../../kit/filterValues'
import type { MeterSearch } from './routes'

export const views = ['all', 'due'] as const
export type View = (typeof views)[number]

const sorts = ['name', '-name', 'last_read_at', '-last_read_at'] as const
type Sort = (typeof sorts)[number]

export const viewOf = (search: MeterSearch): View => (search.saved === 'due' ? 'due' : 'all')

/** A round begins where nobody has looked for longest. */
export const sortOf = (search: MeterSearch): Sort => sorts.find((sort) => sort === search.sort) ?? (search.round ? 'last_read_at' : 'name')

export const filterKeys = ['q', 'location_id', 'kind'] as const

/** The question to the API: only of the chosen site, unless a place is asked for. */
export function queryOf(search: MeterSearch, site?: string) {
  const location = search.location_id ?? site
  return {
    q: search.q,
    location_id: location ? valuesOf(location) : undefined,
    kind: search.kind ? (valuesOf(search.kind) as ('continuous' | 'gauge')[]) : undefined,
    reading_overdue: viewOf(search) === 'due' ? ('true' as const) : undefined,
  }
}
