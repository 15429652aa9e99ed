import { textParams } from '../../kit/filterValues'

export const statuses = ['pending_approval', 'approved', 'blocked', 'completed', 'rejected', 'cancelled'] as const
export type RequestStatus = (typeof statuses)[number]

/** What a list of transfers or disposals shows; it stands in the address. */
export type RequestSearch = Partial<Record<'q' | 'status' | 'sort', string>>

const sorts = ['-created_at', 'created_at', 'number', '-number'] as const

export const requestSearch = (search: Record<string, unknown>): RequestSearch => textParams(search, ['q', 'status', 'sort'])
export const sortOf = (search: RequestSearch) => sorts.find((sort) => sort === search.sort) ?? '-created_at'

/** The question to the API. */
export function queryOf(search: RequestSearch) {
  const asked = search.status?.split(',') ?? []
  const status = statuses.filter((known) => asked.includes(known))
  return { q: search.q, status: status.length > 0 ? status : undefined }
}
