import { expect, it } from 'vitest'
import { asksForList, filterCount, queryOf, readListSearch } from './search'

it('asks the server for the view, unless the person says otherwise', () => {
  expect(queryOf({ saved: 'down' })).toEqual({ operating_state: ['down', 'degraded'] })
  expect(queryOf({ saved: 'down', operating_state: 'idle', q: 'pump' })).toEqual({ operating_state: ['idle'], q: 'pump' })
  expect(queryOf({ saved: 'archived' })).toEqual({ archived: true })
  expect(queryOf({ failed_from: '2026-09-01', lifecycle_state: 'in_service' })).toEqual({ failed_from: '2026-09-01', lifecycle_state: ['in_service'] })
  expect(queryOf({ saved: 'nonsense' })).toEqual({})
})

it('reads only what it knows from an address', () => {
  expect(readListSearch({ criticality: 'A', evil: 'x', q: '' })).toEqual({ criticality: 'A' })
  expect(filterCount({ criticality: 'A', sort: '-name', failed_from: '2026-09-01', failed_to: '2026-11-30' })).toBe(2)
  expect(asksForList({ sort: '-name' })).toBe(false)
})
