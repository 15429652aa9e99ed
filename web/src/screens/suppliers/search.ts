import { textParams } from '../../kit/filterValues'

/** What the list of suppliers shows; it stands in the address. */
export interface SupplierSearch {
  saved?: string
  q?: string
  sort?: string
}

const sorts = ['code', '-code', 'name', '-name'] as const

export const views = ['all', 'archived'] as const
export const supplierSearch = (search: Record<string, unknown>): SupplierSearch => textParams(search, ['saved', 'q', 'sort'])
export const viewOf = (search: SupplierSearch) => views.find((view) => view === search.saved) ?? 'all'
export const sortOf = (search: SupplierSearch) => sorts.find((sort) => sort === search.sort) ?? 'code'
