import { expect, it } from 'vitest'
import { changesOf } from './changes'

it('tells what changed in words, without ids and without what stayed', () => {
  const before = { name: 'Crusher', model: 'HK', version: 3, location_id: 'a', purchase_price: { amount: '1.00', currency: 'EUR' } }
  const after = { name: 'Cone crusher', model: 'HK', version: 4, location_id: 'b', purchase_price: { amount: '2.00', currency: 'EUR' }, fields: {} }
  expect(changesOf(before, after)).toEqual([
    { field: 'name', before: 'Crusher', after: 'Cone crusher' },
    { field: 'purchase_price', before: '1.00 EUR', after: '2.00 EUR' },
  ])
  expect(changesOf(undefined, { name: 'New' })).toEqual([{ field: 'name', before: '', after: 'New' }])
})

it('writes a list of spare parts as quantities of items', () => {
  const before = { spare_parts: [] }
  const after = { spare_parts: [{ item: 'BELT-1', quantity: '2', note: 'left side' }, { item: 'OIL', quantity: '1.5' }] }
  expect(changesOf(before, after)).toEqual([{ field: 'spare_parts', before: '', after: '2 BELT-1 (left side), 1.5 OIL' }])
  expect(changesOf(after, after)).toEqual([])
})
