import { expect, it } from 'vitest'
import { asksForList, filterCount, queryOf, readListSearch } from './search'

it('asks the server for the view, unless the person says otherwise', () => {
  expect(queryOf({ saved: 'down' })).toEqual({ operating_state: ['down', 'degraded'] })
  expect(queryOf({ saved: 'down', operating_state: 'idle', q: 'pump' })).toEqual({ operating_state: ['idle'], q: 'pump' })
  expect(queryOf({ saved: 'archived' })).toEqual({ archived: true })
  expect(queryOf({ saved: 'nonsense' })).toEqual({})
})

it('reads only what it knows from an address', () => {
  expect(readListSearch({ criticality: 'A', evil: 'x', q: '' })).toEqual({ criticality: 'A' })
  expect(filterCount({ criticality: 'A', sort: '-name' })).toBe(1)
  expect(asksForList({ sort: '-name' })).toBe(false)
})
