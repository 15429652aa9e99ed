import { textParams } from '../../kit/filterValues'

export const tabs = ['active', 'paused', 'ended', 'all'] as const
export type Tab = (typeof tabs)[number]

/** What a list of schedules shows; it stands in the address. */
export interface ScheduleSearch {
  /** The view; active ones where it is left out. */
  saved?: string
  q?: string
  asset_id?: string
  location_id?: string
  due_to?: string
  sort?: string
  cols?: string
}

export const filterKeys = ['q', 'asset_id', 'location_id', 'due_to'] as const
const sorts = ['next_due_on', '-next_due_on', 'title', '-title'] as const
export type ScheduleSort = (typeof sorts)[number]

export const scheduleSearch = (search: Record<string, unknown>): ScheduleSearch => textParams(search, ['saved', 'sort', 'cols', ...filterKeys])
export const tabOf = (search: ScheduleSearch): Tab => tabs.find((tab) => tab === search.saved) ?? 'active'
export const sortOf = (search: ScheduleSearch): ScheduleSort => sorts.find((sort) => sort === search.sort) ?? 'next_due_on'
export const filterCount = (search: ScheduleSearch): number => filterKeys.filter((key) => search[key] !== undefined).length

/** The question to the API: only of the chosen site, unless a place is asked for. */
export function queryOf(search: ScheduleSearch, site?: string) {
  const tab = tabOf(search)
  return {
    q: search.q,
    due_to: search.due_to,
    status: tab === 'all' ? undefined : [tab],
    asset_id: search.asset_id?.split(','),
    location_id: (search.location_id ?? site)?.split(','),
  }
}
