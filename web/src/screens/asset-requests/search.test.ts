import { expect, it } from 'vitest'
import { queryOf, sortOf } from './search'

it('asks for the states that there are, and for all without any', () => {
  expect(queryOf({ status: 'blocked,nonsense', q: 'pump' })).toEqual({ q: 'pump', status: ['blocked'] })
  expect(queryOf({})).toEqual({ q: undefined, status: undefined })
  expect(sortOf({ sort: 'nonsense' })).toBe('-created_at')
})
