import { expect, it } from 'vitest'
import { bodyOf, complete, draftOf, emptyLevel, emptyPolicy, emptyRule, rulesOf } from './draft'
import type { Policy } from './queries'

const ada = { id: 'u1', name: 'Ada' }
const mill = { id: 'd1', code: 'MILL', name: 'Mill' }

const stored: Policy = {
  id: 'p1',
  subject: 'purchase_order',
  name: 'Costly orders',
  rules: [{ min_amount: { amount: '5000.00', currency: 'EUR' }, department_id: 'd1', levels: [{ mode: 'n_of_m', n: 1, user_ids: ['u1'], roles: ['approver'] }], escalate_to: ['u1'] }],
  tolerance_amount: { amount: '0.00', currency: 'EUR' },
  tolerance_percent: '5',
  remind_days: 1,
  escalate_days: 2,
  expire_days: 10,
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
}

it('a policy that is opened and saved says the same', () => {
  const draft = draftOf(stored, { people: new Map([['u1', ada]]), refs: new Map([['d1', mill]]) })
  expect(draft).toMatchObject({ tolerance_amount: '', tolerance_percent: '5' })
  expect(JSON.parse(JSON.stringify(bodyOf(draft, 'EUR')))).toEqual({
    name: 'Costly orders',
    rules: stored.rules,
    tolerance_amount: { amount: '0', currency: 'EUR' },
    tolerance_percent: '5',
    remind_days: 1,
    escalate_days: 2,
    expire_days: 10,
  })
})

it('amounts are sent as decimals, and n only where it counts', () => {
  const [rule] = rulesOf({ rules: [{ ...emptyRule(), min_amount: '2 500,50', levels: [{ ...emptyLevel(), roles: ['approver'], n: '3' }] }] }, 'EUR')
  expect(rule).toMatchObject({ min_amount: { amount: '2500.50', currency: 'EUR' }, max_amount: undefined })
  expect(rule?.levels?.[0]).toEqual({ mode: 'any', n: undefined, user_ids: undefined, roles: ['approver'] })
})

it('rules can be tried once each of their levels asks somebody', () => {
  const policy = emptyPolicy('work_order')
  expect(complete(policy)).toBe(false)
  const level = { ...emptyLevel(), user_ids: [ada] }
  const [rule] = policy.rules
  expect(complete({ rules: [{ ...rule!, levels: [level] }] })).toBe(true)
  expect(complete({ rules: [{ ...rule!, levels: [{ ...level, mode: 'n_of_m', n: '' }] }] })).toBe(false)
  expect(complete({ rules: [] })).toBe(false)
})
