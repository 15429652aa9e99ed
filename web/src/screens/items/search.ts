import { textParams } from '../../kit/filterValues'

export const views = ['all', 'low', 'archived'] as const
export type View = (typeof views)[number]

/** What the list of items shows; it stands in the address. */
export interface ItemSearch {
  /** The view; all where it is left out. */
  saved?: string
  q?: string
  supplier_id?: string
  sort?: string
  cols?: string
}

export const filterKeys = ['q', 'supplier_id'] as const
const sorts = ['code', '-code', 'name', '-name'] as const
export type ItemSort = (typeof sorts)[number]

export const itemSearch = (search: Record<string, unknown>): ItemSearch => textParams(search, ['saved', 'sort', 'cols', ...filterKeys])
export const viewOf = (search: ItemSearch): View => views.find((view) => view === search.saved) ?? 'all'
export const sortOf = (search: ItemSearch): ItemSort => sorts.find((sort) => sort === search.sort) ?? 'code'
export const filterCount = (search: ItemSearch): number => filterKeys.filter((key) => search[key] !== undefined).length

/** The question to the API. */
export function queryOf(search: ItemSearch) {
  const view = viewOf(search)
  return { q: search.q, supplier_id: search.supplier_id?.split(','), low: view === 'low' || undefined, archived: view === 'archived' || undefined }
}
