import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'
import { queries } from '../../api/query'

export type Approval = Schemas['Approval']

export const approvalQuery = (id: string) => queryOptions({ queryKey: ['approvals', 'one', id], queryFn: () => ok(api.GET('/v1/approvals/{id}', { params: { path: { id } } })) })

export type Answer = { command: 'approve' | 'reject'; comment: string } | { command: 'delegate'; to: string; reason: string }

/** Sends what the reader answers to the question that waits for him. */
export async function answer(approval: Approval, given: Answer, key: string): Promise<Approval> {
  const params = { path: { id: approval.id }, header: { 'Idempotency-Key': key } }
  const call =
    given.command === 'delegate'
      ? api.POST('/v1/approvals/{id}/delegate', { params, body: { to: given.to, reason: given.reason } })
      : given.command === 'approve'
        ? api.POST('/v1/approvals/{id}/approve', { params, body: { comment: given.comment } })
        : api.POST('/v1/approvals/{id}/reject', { params, body: { comment: given.comment } })
  const is = await ok(call)
  queries.setQueryData(approvalQuery(approval.id).queryKey, is)
  return is
}

/** The page of what is to be approved; nothing where the application has none. */
export function subjectPath(approval: Approval): string | undefined {
  return approval.subject.type === 'work_order' ? `/work-orders/${approval.subject.id}` : undefined
}
