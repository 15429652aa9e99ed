import { textParams } from '../../kit/filterValues'

/** All that is seen of the approvals, as it stands in the address. */
export type ApprovalSearch = Partial<Record<'saved' | 'sort' | 'open', string>>

export const readApprovals = (search: Record<string, unknown>): ApprovalSearch => textParams(search, ['saved', 'sort', 'open'])

/** Views that everybody has: what waits for the reader, what he was asked and is over, what he asked for; and all, for who may read the audit log. */
export const approvalViews = {
  waiting: { scope: 'asked', status: ['open'] },
  decided: { scope: 'asked', status: ['approved', 'rejected', 'withdrawn', 'expired', 'void'] },
  requested: { scope: 'requested', status: undefined },
  all: { scope: 'all', status: undefined },
} as const
export type ApprovalView = keyof typeof approvalViews

/** The views of a person. */
export const viewsOf = (may: (permission: string) => boolean): ApprovalView[] => ['waiting', 'decided', 'requested', ...(may('audit.read') ? (['all'] as const) : [])]

export const viewOf = (search: ApprovalSearch): ApprovalView => (search.saved && search.saved in approvalViews ? (search.saved as ApprovalView) : 'waiting')

const sorts = ['created_at', '-created_at', 'amount', '-amount'] as const
export type ApprovalSort = (typeof sorts)[number]

/** The order of a view: what waits longest first, else what is newest. */
export const sortOf = (search: ApprovalSearch): ApprovalSort => sorts.find((sort) => sort === search.sort) ?? (viewOf(search) === 'waiting' ? 'created_at' : '-created_at')
