import { expect, it } from 'vitest'
import { filterCount, itemSearch, queryOf, sortOf, viewOf } from './search'

it('asks the server for the view and the filters', () => {
  expect(queryOf({ saved: 'low', q: 'seal' })).toEqual({ q: 'seal', low: true })
  expect(queryOf({ saved: 'archived', supplier_id: 'a,b' })).toEqual({ archived: true, supplier_id: ['a', 'b'] })
  expect(queryOf({ saved: 'nonsense' })).toEqual({})
})

it('reads only what it knows from an address', () => {
  expect(itemSearch({ q: '', evil: 'x', saved: 'low' })).toEqual({ saved: 'low' })
  expect(viewOf({ saved: 'nonsense' })).toBe('all')
  expect(sortOf({ sort: 'on_hand' })).toBe('code')
  expect(filterCount({ q: 'seal', sort: '-name' })).toBe(1)
})
