import { queryOptions } from '@tanstack/react-query'
import { answered, api, type Schemas } from '../../api/client'
import { queries } from '../../api/query'

export type WorkRequest = Schemas['WorkRequest']
export const requestStatuses = ['new', 'accepted', 'rejected', 'duplicate'] as const

export const requestQuery = (id: string) =>
  queryOptions({ queryKey: ['work-requests', 'one', id], queryFn: () => answered(api.GET('/v1/work-requests/{id}', { params: { path: { id } } })) })

/** What the triage may do with a request. All of it answers with the request as it is then, but accept: with its work order. */
export type Decision =
  | { command: 'accept'; body: Schemas['AcceptWorkRequestBody'] }
  | { command: 'reject'; body: Schemas['RejectWorkRequestInputBody'] }
  | { command: 'duplicate'; body: Schemas['MergeWorkRequestInputBody'] }

/** Decides on a request; resolves with the work order's id where it became one. */
export async function decide(request: WorkRequest, etag: string | null, decision: Decision, key: string): Promise<string | undefined> {
  const params = { path: { id: request.id }, header: { 'Idempotency-Key': key, ...(etag ? { 'If-Match': etag } : {}) } }
  if (decision.command === 'accept') {
    const { data } = await answered(api.POST('/v1/work-requests/{id}/accept', { params, body: decision.body }))
    return data.id
  }
  const call = decision.command === 'reject' ? api.POST('/v1/work-requests/{id}/reject', { params, body: decision.body }) : api.POST('/v1/work-requests/{id}/duplicate', { params, body: decision.body })
  queries.setQueryData(requestQuery(request.id).queryKey, await answered(call))
  return undefined
}
