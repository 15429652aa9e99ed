import { textParams } from '../../kit/filterValues'

/** What the list of asset templates shows; it stands in the address. */
export interface TemplateSearch {
  saved?: string
  q?: string
  sort?: string
}

const sorts = ['code', '-code', 'name', '-name'] as const

export const views = ['all', 'archived'] as const
export const templateSearch = (search: Record<string, unknown>): TemplateSearch => textParams(search, ['saved', 'q', 'sort'])
export const viewOf = (search: TemplateSearch) => views.find((view) => view === search.saved) ?? 'all'
export const sortOf = (search: TemplateSearch) => sorts.find((sort) => sort === search.sort) ?? 'code'
