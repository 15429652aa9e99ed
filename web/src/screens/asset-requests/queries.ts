import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'
import type { queryOf, sortOf } from './search'

/** The two nouns, as the segment of their paths. */
export type Kind = 'asset-transfers' | 'asset-disposals'
export type AssetRequest = Schemas['AssetTransfer'] | Schemas['AssetDisposal']

/** What a request changes, asked for, carried out or taken back. */
export const requestKeys = ['asset-transfers', 'asset-disposals', 'assets', 'approvals']

type Query = ReturnType<typeof queryOf> & { sort: ReturnType<typeof sortOf>; limit: number; cursor?: string }

/** A page of one of the lists. */
export const listRequests = (kind: Kind, query: Query, signal?: AbortSignal): Promise<{ items: AssetRequest[] | null; next_cursor?: string }> =>
  kind === 'asset-transfers' ? ok(api.GET('/v1/asset-transfers', { params: { query }, signal })) : ok(api.GET('/v1/asset-disposals', { params: { query }, signal }))

export const requestQuery = (kind: Kind, id: string) =>
  queryOptions({
    queryKey: [kind, id],
    queryFn: (): Promise<AssetRequest> => (kind === 'asset-transfers' ? ok(api.GET('/v1/asset-transfers/{id}', { params: { path: { id } } })) : ok(api.GET('/v1/asset-disposals/{id}', { params: { path: { id } } }))),
  })

export const isTransfer = (request: AssetRequest): request is Schemas['AssetTransfer'] => 'to_location' in request
