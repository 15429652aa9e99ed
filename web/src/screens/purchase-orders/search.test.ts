import { expect, it } from 'vitest'
import { filterCount, purchaseOrderSearch, queryOf, sortOf, viewOf } from './search'

it('asks the server for the view and the filters', () => {
  expect(queryOf({ saved: 'coming', supplier_id: 'a,b' })).toEqual({ status: ['sent', 'partially_received'], supplier_id: ['a', 'b'] })
  expect(queryOf({ saved: 'late' })).toEqual({ late: true })
  expect(queryOf({ saved: 'blocked', q: 'PO-7' })).toEqual({ blocked: true, q: 'PO-7' })
  expect(queryOf({}).status).not.toContain('closed')
})

it('reads only what it knows from an address', () => {
  expect(purchaseOrderSearch({ q: '', evil: 'x', saved: 'late' })).toEqual({ saved: 'late' })
  expect(viewOf({ saved: 'nonsense' })).toBe('open')
  expect(sortOf({ sort: 'colour' })).toBe('-created_at')
  expect(filterCount({ q: 'x', supplier_id: 'a', sort: 'amount' })).toBe(2)
})
