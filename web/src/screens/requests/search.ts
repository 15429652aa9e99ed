import { textParams } from '../../kit/filterValues'

/** All that is seen of the requests, as it stands in the address. */
export type RequestSearch = Partial<Record<'saved' | 'q' | 'sort' | 'open', string>>

export const readRequests = (search: Record<string, unknown>): RequestSearch => textParams(search, ['saved', 'q', 'sort', 'open'])

/** Views that everybody has: what waits, what became of it, one's own. */
export const requestViews = {
  new: { status: ['new'] },
  accepted: { status: ['accepted'] },
  rejected: { status: ['rejected', 'duplicate'] },
  mine: { requested_by: ['me'] },
} as const
export type RequestView = keyof typeof requestViews

export const viewOf = (search: RequestSearch): RequestView => (search.saved && search.saved in requestViews ? (search.saved as RequestView) : 'new')
