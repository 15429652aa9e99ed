import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok, type Schemas } from '../../api/client'
import { queries } from '../../api/query'
import type { StateNoun } from '../../kit/states'

export type Approval = Schemas['Approval']
export type ApprovalLevels = Schemas['ApprovalLevels']
export type SubjectType = Schemas['ApprovalSubject']['type']

export const subjectTypes = ['work_order', 'purchase_order', 'asset_disposal', 'asset_transfer'] as const satisfies SubjectType[]
export const approvalNoun: StateNoun = 'approval'

export const approvalQuery = (id: string) => queryOptions({ queryKey: ['approvals', 'one', id], queryFn: () => ok(api.GET('/v1/approvals/{id}', { params: { path: { id } } })) })

/** What somebody who is asked may do. */
export type Decision = { command: 'approve' | 'reject'; comment: string } | { command: 'delegate'; to: string; reason: string }

/** Decides or hands over, and shows the answer at once. */
export async function decide(id: string, decision: Decision, key: string): Promise<Approval> {
  const params = { path: { id }, header: { 'Idempotency-Key': key } }
  const call =
    decision.command === 'delegate'
      ? api.POST('/v1/approvals/{id}/delegate', { params, body: { to: decision.to, reason: decision.reason } })
      : decision.command === 'approve'
        ? api.POST('/v1/approvals/{id}/approve', { params, body: { comment: decision.comment || undefined } })
        : api.POST('/v1/approvals/{id}/reject', { params, body: { comment: decision.comment } })
  const { data } = await answered(call)
  queries.setQueryData(approvalQuery(id).queryKey, data)
  return data
}

/** What is read again after a decision. */
export const decided = ['approvals', 'work-orders', 'purchase-orders', 'asset-transfers', 'asset-disposals', 'assets', 'dashboard', 'notifications']

/** Without it the page of the subject is closed. */
export const readSubject: Record<SubjectType, string> = { work_order: 'work_orders.read', purchase_order: 'purchase_orders.read', asset_transfer: 'asset_transfers.read', asset_disposal: 'asset_disposals.read' }

const pages: Partial<Record<SubjectType, string>> = { work_order: '/work-orders/', purchase_order: '/purchase-orders/', asset_transfer: '/asset-transfers/', asset_disposal: '/asset-disposals/' }

/** The page of what is to be approved, where this version has one. */
export function subjectPath({ type, id }: Pick<Schemas['ApprovalSubject'], 'type' | 'id'>): string | undefined {
  const path = pages[type]
  return path && path + id
}
