import { textParams } from '../../kit/filterValues'
import type { Schemas } from '../../api/client'

export type PurchaseOrderStatus = 'draft' | 'pending_approval' | 'approved' | 'sent' | 'partially_received' | 'received' | 'closed' | 'rejected' | 'cancelled'

/** The views that everybody has. */
export const views = {
  open: { status: ['draft', 'pending_approval', 'rejected', 'approved', 'sent', 'partially_received', 'received'] },
  draft: { status: ['draft', 'rejected'] },
  coming: { status: ['sent', 'partially_received'] },
  late: { late: true },
  blocked: { blocked: true },
  over: { status: ['closed', 'cancelled'] },
  all: {},
} as const satisfies Record<string, { status?: readonly PurchaseOrderStatus[]; late?: true; blocked?: true }>

export type View = keyof typeof views
export type PurchaseOrder = Schemas['PurchaseOrder']

/** What the list of purchase orders shows; it stands in the address. */
export interface PurchaseOrderSearch {
  /** The view; open ones where it is left out. */
  saved?: string
  q?: string
  supplier_id?: string
  sort?: string
  cols?: string
}

export const filterKeys = ['q', 'supplier_id'] as const
const sorts = ['-created_at', 'created_at', 'number', '-number', 'amount', '-amount', 'promised_on', '-promised_on'] as const

export const purchaseOrderSearch = (search: Record<string, unknown>): PurchaseOrderSearch => textParams(search, ['saved', 'sort', 'cols', ...filterKeys])
export const viewOf = (search: PurchaseOrderSearch): View => (search.saved !== undefined && search.saved in views ? (search.saved as View) : 'open')
export const sortOf = (search: PurchaseOrderSearch) => sorts.find((sort) => sort === search.sort) ?? '-created_at'
export const filterCount = (search: PurchaseOrderSearch): number => filterKeys.filter((key) => search[key] !== undefined).length

/** The question to the API. */
export function queryOf(search: PurchaseOrderSearch) {
  const view: { status?: readonly PurchaseOrderStatus[]; late?: true; blocked?: true } = views[viewOf(search)]
  return { q: search.q, supplier_id: search.supplier_id?.split(','), status: view.status && [...view.status], late: view.late, blocked: view.blocked }
}
