import type { paths } from '../../../api/schema.gen'
import { conditionsOf, textParams, valuesOf } from '../../../kit/filterValues'
import { detailTab, type DetailTab } from '../detail/tabs'

export type WorkOrderQuery = NonNullable<paths['/v1/work-orders']['get']['parameters']['query']>

export const layouts = ['list', 'board', 'calendar'] as const
export type Layout = (typeof layouts)[number]

// Days that a figure of the home page leads to.
const dayKeys = ['completed_from', 'completed_to', 'booked_from', 'booked_to', 'open_on', 'overdue_on', 'waiting_on'] as const

/** Conditions of a work order list that stand in the address. */
export const filterKeys = ['q', 'status', 'type', 'priority', 'asset_id', 'location_id', 'assignee_id', 'schedule_id', 'overdue', 'due_from', 'due_to', ...dayKeys] as const

const otherKeys = ['saved', 'sort', 'cols', 'open', 'month'] as const

/** All that is seen of the work orders, as it stands in the address. */
export type WorkOrderSearch = Partial<Record<(typeof filterKeys)[number] | (typeof otherKeys)[number], string>> & { view?: Layout; part?: DetailTab }

/** Reads the address; what it does not know it leaves out. */
export function readSearch(search: Record<string, unknown>): WorkOrderSearch {
  const view = layouts.find((layout) => layout === search.view && layout !== 'list')
  const part = detailTab(search.part)
  return { ...textParams(search, [...filterKeys, ...otherKeys]), ...(view ? { view } : {}), ...(part ? { part } : {}) }
}

export const openStatuses = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold']

/** The views that everybody has; `all` is without conditions. */
export const tabs = {
  open: { status: openStatuses.join() },
  overdue: { overdue: 'true' },
  parts: { status: 'waiting_material' },
  mine: { assignee_id: 'me', status: openStatuses.join() },
  all: {},
} as const satisfies Record<string, WorkOrderSearch>

export type Tab = keyof typeof tabs
export const tabOf = (search: WorkOrderSearch): Tab => (search.saved && search.saved in tabs ? (search.saved as Tab) : 'open')

/** What the server is asked: the view's conditions, and the person's own in their place where both name one. */
export function queryOf(search: WorkOrderSearch): WorkOrderQuery {
  const all: WorkOrderSearch = { ...tabs[tabOf(search)], ...search }
  const lists = ['status', 'type', 'priority', 'asset_id', 'location_id', 'assignee_id', 'schedule_id'] as const
  const query: Record<string, string | string[]> = {}
  for (const key of lists) if (all[key]) query[key] = valuesOf(all[key])
  for (const key of ['q', 'overdue', 'due_from', 'due_to', ...dayKeys] as const) if (all[key]) query[key] = all[key]
  return query as WorkOrderQuery
}

export const sortOf = (search: WorkOrderSearch): string => search.sort ?? 'due_on'

/** How many conditions the person added to the view. */
export const filterCount = (search: WorkOrderSearch): number => conditionsOf(filterKeys, search)
