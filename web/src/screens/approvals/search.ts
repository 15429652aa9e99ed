import { textParams } from '../../kit/filterValues'

/** All that is seen of the approvals, as it stands in the address. */
export type ApprovalSearch = Partial<Record<'saved' | 'sort' | 'open', string>>

export const readApprovals = (search: Record<string, unknown>): ApprovalSearch => textParams(search, ['saved', 'sort', 'open'])

/** Views that everybody has: what waits for the reader, what became of it, what the reader asked for. */
export const approvalViews = {
  open: { status: ['open'], scope: 'asked' },
  decided: { status: ['approved', 'rejected', 'withdrawn', 'expired', 'void'], scope: 'asked' },
  requested: { status: undefined, scope: 'requested' },
} as const
export type ApprovalView = keyof typeof approvalViews

export const viewOf = (search: ApprovalSearch): ApprovalView => (search.saved && search.saved in approvalViews ? (search.saved as ApprovalView) : 'open')
