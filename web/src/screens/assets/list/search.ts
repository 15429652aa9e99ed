import type { paths } from '../../../api/schema.gen'
import { conditionsOf, textParams, valuesOf } from '../../../kit/filterValues'

export type AssetQuery = NonNullable<paths['/v1/assets']['get']['parameters']['query']>

/** Conditions of the list of assets that stand in the address. */
export const filterKeys = ['q', 'category_id', 'template_id', 'location_id', 'operating_state', 'lifecycle_state', 'criticality', 'department_id', 'cost_center_id', 'failed_from', 'failed_to'] as const

const otherKeys = ['saved', 'sort', 'cols'] as const

export type AssetListSearch = Partial<Record<(typeof filterKeys)[number] | (typeof otherKeys)[number], string>>

export const readListSearch = (search: Record<string, unknown>): AssetListSearch => textParams(search, [...filterKeys, ...otherKeys])

/** The views that everybody has. */
export const views = {
  all: {},
  down: { operating_state: 'down,degraded' },
  stopped: { operating_state: 'disabled' },
  critical: { criticality: 'A' },
  archived: {},
} as const satisfies Record<string, AssetListSearch>

export type View = keyof typeof views
export const viewOf = (search: AssetListSearch): View => (search.saved && search.saved in views ? (search.saved as View) : 'all')

const single = new Set<string>(['q', 'failed_from', 'failed_to'])

/** What the server is asked: the view's conditions, and the person's own in their place where both name one. */
export function queryOf(search: AssetListSearch): AssetQuery {
  const view = viewOf(search)
  const all: AssetListSearch = { ...views[view], ...search }
  const query: Record<string, string | string[] | boolean> = {}
  for (const key of filterKeys) if (all[key]) query[key] = single.has(key) ? all[key] : valuesOf(all[key])
  if (view === 'archived') query.archived = true
  return query as AssetQuery
}

/** Narrowed to the site chosen in the header, unless a place is asked for. */
export const atSite = (query: AssetQuery, site: string | undefined): AssetQuery => (site && !query.location_id ? { ...query, location_id: [site] } : query)

export const sortOf = (search: AssetListSearch): string => search.sort ?? 'code'

export const filterCount = (search: AssetListSearch): number => conditionsOf(filterKeys, search)

/** Whether the address asks for the list itself, which a narrow screen shows in the place of the tree. */
export const asksForList = (search: AssetListSearch): boolean => search.saved !== undefined || filterCount(search) > 0
