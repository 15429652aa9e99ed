import { expect, it } from 'vitest'
import { queryOf, sortOf } from './search'

it('asks for the chosen site until a place is named', () => {
  expect(queryOf({}, 'site').location_id).toEqual(['site'])
  expect(queryOf({ location_id: 'a,b' }, 'site').location_id).toEqual(['a', 'b'])
  expect(queryOf({ saved: 'due' }).reading_overdue).toBe('true')
})

it('begins a round with what was read longest ago', () => {
  expect(sortOf({})).toBe('name')
  expect(sortOf({ round: 'true' })).toBe('last_read_at')
  expect(sortOf({ round: 'true', sort: '-name' })).toBe('-name')
})
