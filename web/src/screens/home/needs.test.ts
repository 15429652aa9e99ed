import { expect, it } from 'vitest'
import { lookOfNeed, subjectOf } from './needs'

it('leads to what waits', () => {
  const need = { code: 'closing' as const, version: 1, work_order: { id: 'a', number: 'WO-000001', name: 'Belt' } }
  expect(subjectOf(need)).toEqual({ id: 'a', number: 'WO-000001', title: 'Belt', href: '/work-orders/a' })
  expect(subjectOf({ code: 'request', version: 1, work_request: { id: 'b', name: 'Noise' } })?.href).toBe('/requests/b')
  expect(subjectOf({ code: 'request', version: 1 })).toBeUndefined()
  expect(lookOfNeed(need).act).toBe('close')
})
