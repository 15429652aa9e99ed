import { textParams } from '../../kit/filterValues'
import { type SubjectType, subjectTypes } from '../approvals/approval'

/** What is asked of the simulator: a thing that does not exist. It stands in the address. */
export type Question = Partial<Record<'of' | 'amount' | 'department_id' | 'category_id' | 'location_id' | 'requester_id', string>>

export const questionKeys = ['of', 'amount', 'department_id', 'category_id', 'location_id', 'requester_id'] as const

/** What the list of approval policies shows, and what is asked of the simulator beside it. */
export type PolicySearch = Question & Partial<Record<'saved' | 'subject' | 'sort', string>>

export const policySearch = (search: Record<string, unknown>): PolicySearch => textParams(search, ['saved', 'subject', 'sort', ...questionKeys])

export const views = ['used', 'archived'] as const
export type View = (typeof views)[number]
const sorts = ['created_at', '-created_at', 'name', '-name'] as const

export const viewOf = (search: PolicySearch): View => views.find((view) => view === search.saved) ?? 'used'
export const sortOf = (search: PolicySearch) => sorts.find((sort) => sort === search.sort) ?? 'created_at'

const known = (text: string): text is SubjectType => subjectTypes.some((type) => type === text)

/** The question to the API. */
export function queryOf(search: PolicySearch) {
  return { archived: viewOf(search) === 'archived' || undefined, subject: search.subject?.split(',').filter(known) }
}

/** What the simulator is asked about; purchase orders where the address says nothing. */
export const subjectOf = ({ of }: Question): SubjectType => (of !== undefined && known(of) ? of : 'purchase_order')
