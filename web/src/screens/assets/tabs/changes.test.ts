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
