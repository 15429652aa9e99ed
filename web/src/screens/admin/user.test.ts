import { describe, expect, it } from 'vitest'
import { bodyOf, patchOf, type User, userDraft } from './user'

const stored = { name: 'Marta', email: 'm@example.com', roles: ['planner', 'technician'], department_id: 'd', location_ids: ['l'], labor_rate: { amount: '48.50', currency: 'EUR' }, locale: 'de-DE', time_zone: '' } as unknown as User

describe('a user', () => {
  it('is sent without what is empty', () => {
    expect(bodyOf({ ...userDraft(), name: ' Luc ', email: 'l@example.com', roles: ['buyer'], labor_rate: '52,5' })).toEqual({ name: 'Luc', email: 'l@example.com', roles: ['buyer'], labor_rate: '52.5' })
  })
  it('is patched where he differs', () => {
    const saved = userDraft(stored)
    expect(patchOf(saved, saved)).toEqual({})
    expect(patchOf({ ...saved, roles: ['technician', 'planner'], department_id: '', labor_rate: '', password: 'secret', location_ids: [] }, saved)).toEqual({ department_id: null, labor_rate: null, password: 'secret', location_ids: [] })
  })
})

it('sends the hours of a week only where they are not the usual ones', () => {
  const draft = { ...userDraft(), name: 'Ann', email: 'ann@example.com' }
  expect(bodyOf(draft)).not.toHaveProperty('working_hours')
  const part = { ...draft, working_hours: ['6', '6', '6', '6', '4,5', '', '0'] }
  expect(bodyOf(part).working_hours).toEqual(['6', '6', '6', '6', '4.5', '0', '0'])
  expect(patchOf(part, draft)).toEqual({ working_hours: ['6', '6', '6', '6', '4.5', '0', '0'] })
})
