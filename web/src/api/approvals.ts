import { queryOptions } from '@tanstack/react-query'
import { api, ok } from './client'

/** How many approvals wait for the reader. */
export const waitingApprovalsQuery = queryOptions({
  queryKey: ['approvals', 'waiting'],
  queryFn: () => ok(api.GET('/v1/approvals', { params: { query: { scope: 'asked', status: ['open'], limit: 1, count: 'capped' } } })),
  refetchInterval: 60_000,
})
