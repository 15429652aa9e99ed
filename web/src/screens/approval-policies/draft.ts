import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import type { Person } from '../../kit/PeopleField'
import type { SubjectType } from '../approvals/approval'
import type { RefValue } from '../assets/refs'
import type { Names, Policy } from './queries'

export type Mode = Schemas['ApprovalLevel']['mode']
export const modes: Mode[] = ['any', 'all', 'n_of_m']

/** A level as it is typed; `key` tells levels apart. */
export interface LevelDraft {
  key: string
  mode: string
  n: string
  user_ids: Person[]
  roles: string[]
}

export interface RuleDraft {
  key: string
  min_amount: string
  max_amount: string
  department_id: RefValue | null
  category_id: RefValue | null
  location_id: RefValue | null
  levels: LevelDraft[]
  escalate_to: Person[]
}

export interface PolicyDraft {
  subject: string
  name: string
  rules: RuleDraft[]
  tolerance_amount: string
  tolerance_percent: string
  remind_days: string
  escalate_days: string
  expire_days: string
}

let made = 0
const fresh = () => `new ${++made}`

export const emptyLevel = (): LevelDraft => ({ key: fresh(), mode: 'any', n: '2', user_ids: [], roles: [] })
export const emptyRule = (): RuleDraft => ({ key: fresh(), min_amount: '', max_amount: '', department_id: null, category_id: null, location_id: null, levels: [emptyLevel()], escalate_to: [] })

/** A new policy: no tolerance, and the days that hold where a policy says nothing. */
export const emptyPolicy = (subject: SubjectType): PolicyDraft => ({ subject, name: '', rules: [emptyRule()], tolerance_amount: '', tolerance_percent: '', remind_days: '1', escalate_days: '2', expire_days: '10' })

const figure = (amount: string) => (Number(amount) === 0 ? '' : amount)

/** A stored policy as a draft of its change. */
export function draftOf(policy: Policy, names: Names): PolicyDraft {
  const people = (ids: string[] | null | undefined) => (ids ?? []).flatMap((id) => names.people.get(id) ?? [])
  const ref = (id: string | undefined) => (id === undefined ? null : (names.refs.get(id) ?? null))
  return {
    subject: policy.subject,
    name: policy.name,
    rules: (policy.rules ?? []).map((rule) => ({
      key: fresh(),
      min_amount: rule.min_amount?.amount ?? '',
      max_amount: rule.max_amount?.amount ?? '',
      department_id: ref(rule.department_id),
      category_id: ref(rule.category_id),
      location_id: ref(rule.location_id),
      levels: (rule.levels ?? []).map(({ mode, n, user_ids, roles }) => ({ key: fresh(), mode, n: String(n ?? 2), user_ids: people(user_ids), roles: roles ?? [] })),
      escalate_to: people(rule.escalate_to),
    })),
    tolerance_amount: figure(policy.tolerance_amount.amount),
    tolerance_percent: figure(policy.tolerance_percent),
    remind_days: String(policy.remind_days),
    escalate_days: String(policy.escalate_days),
    expire_days: String(policy.expire_days),
  }
}

const ids = (people: Person[]) => (people.length > 0 ? people.map(({ id }) => id) : undefined)

function levelOf({ mode, n, user_ids, roles }: LevelDraft): Schemas['ApprovalLevel'] {
  return { mode: mode as Mode, n: mode === 'n_of_m' ? Number(n) || undefined : undefined, user_ids: ids(user_ids), roles: roles.length > 0 ? roles : undefined }
}

/** The rules of the request; `currency` is the tenant's. */
export function rulesOf(draft: Pick<PolicyDraft, 'rules'>, currency: string): Schemas['ApprovalRuleInput'][] {
  const amount = (text: string) => (text.trim() ? { amount: decimalOf(text), currency } : undefined)
  return draft.rules.map((rule) => ({
    min_amount: amount(rule.min_amount),
    max_amount: amount(rule.max_amount),
    department_id: rule.department_id?.id,
    category_id: rule.category_id?.id,
    location_id: rule.location_id?.id,
    levels: rule.levels.map(levelOf),
    escalate_to: ids(rule.escalate_to),
  }))
}

/** What both the new policy and its change send; empty tolerances are none. */
export function bodyOf(draft: PolicyDraft, currency: string) {
  return {
    name: draft.name.trim(),
    rules: rulesOf(draft, currency),
    tolerance_amount: { amount: decimalOf(draft.tolerance_amount) || '0', currency },
    tolerance_percent: decimalOf(draft.tolerance_percent) || '0',
    remind_days: Number(draft.remind_days),
    escalate_days: Number(draft.escalate_days),
    expire_days: Number(draft.expire_days),
  }
}

/** Whether every rule asks somebody: only such rules can be tried. */
export const complete = ({ rules }: Pick<PolicyDraft, 'rules'>): boolean =>
  rules.length > 0 && rules.every(({ levels }) => levels.length > 0 && levels.every(({ mode, n, user_ids, roles }) => user_ids.length + roles.length > 0 && (mode !== 'n_of_m' || /^[1-9]\d*$/.test(n.trim()))))
