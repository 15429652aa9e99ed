import { expect, it } from 'vitest'
import { queryOf, sortOf, viewOf } from './search'

it('a list without words in the address shows what is open, the newest first', () => {
  expect(viewOf({})).toBe('open')
  expect(sortOf({ sort: 'nonsense' })).toBe('-created_at')
  expect(queryOf({})).toEqual({ q: undefined, status: ['open'], requested_by: undefined })
})

it('the own ones are those of every state', () => {
  expect(queryOf({ saved: 'mine', q: 'seal' })).toEqual({ q: 'seal', status: undefined, requested_by: ['me'] })
  expect(viewOf({ saved: 'toString' })).toBe('open')
})
