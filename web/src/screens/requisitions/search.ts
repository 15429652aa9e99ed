import { textParams } from '../../kit/filterValues'

export type RequisitionStatus = 'open' | 'ordered' | 'rejected' | 'cancelled'

/** The views that everybody has. */
export const views = {
  open: { status: ['open'] },
  mine: { requested_by: ['me'] },
  over: { status: ['ordered', 'rejected', 'cancelled'] },
  all: {},
} as const satisfies Record<string, { status?: readonly RequisitionStatus[]; requested_by?: readonly ['me'] }>

export type View = keyof typeof views

/** What the list of requisitions shows; it stands in the address. */
export interface RequisitionSearch {
  /** The view; open ones where it is left out. */
  saved?: string
  q?: string
  sort?: string
}

const sorts = ['-created_at', 'created_at', 'number', '-number'] as const

export const requisitionSearch = (search: Record<string, unknown>): RequisitionSearch => textParams(search, ['saved', 'q', 'sort'])
export const viewOf = (search: RequisitionSearch): View => (search.saved !== undefined && Object.hasOwn(views, search.saved) ? (search.saved as View) : 'open')
export const sortOf = (search: RequisitionSearch) => sorts.find((sort) => sort === search.sort) ?? '-created_at'

/** The question to the API. */
export function queryOf(search: RequisitionSearch) {
  const view: { status?: readonly RequisitionStatus[]; requested_by?: readonly string[] } = views[viewOf(search)]
  return { q: search.q, status: view.status && [...view.status], requested_by: view.requested_by && [...view.requested_by] }
}

/** What a new requisition begins with, as it stands in the address. */
export type WantedSearch = Partial<Record<'item_id' | 'work_order_id', string>>
export const wantedSearch = (search: Record<string, unknown>): WantedSearch => textParams(search, ['item_id', 'work_order_id'])
