import { expect, it } from 'vitest'
import { isShort, linesWith, type SparePart, standsIn } from './spareParts'

const part = (item_id: string, source: SparePart['source'], more: Partial<SparePart> = {}): SparePart => ({ item_id, item: { id: item_id, code: item_id, name: item_id }, quantity: '1', unit: 'pc', source, on_hand: '0', available: '0', ...more })
const parts = [part('belt', 'asset', { note: 'left' }), part('oil', 'asset', { quantity: '2.5' }), part('seal', 'asset_template')]

it('puts a line first, in the place of the one before, and leaves what the template says out of the asset’s list', () => {
  expect(linesWith(parts, 'asset', 'seal', { item_id: 'seal', quantity: '3' })).toEqual([
    { item_id: 'seal', quantity: '3' },
    { item_id: 'belt', quantity: '1', note: 'left' },
    { item_id: 'oil', quantity: '2.5' },
  ])
  expect(linesWith(parts, 'asset', 'oil', { item_id: 'oil', quantity: '4' })).toEqual([
    { item_id: 'oil', quantity: '4' },
    { item_id: 'belt', quantity: '1', note: 'left' },
  ])
  expect(linesWith(parts, 'asset', 'oil')).toEqual([{ item_id: 'belt', quantity: '1', note: 'left' }])
})

it('knows an item that stands in the list otherwise; the same line sent again is no second one', () => {
  expect(standsIn(parts, 'asset', { item_id: 'belt', quantity: '2', note: 'left' })).toBe(true)
  expect(standsIn(parts, 'asset', { item_id: 'belt', quantity: '1', note: 'left' })).toBe(false)
  expect(standsIn(parts, 'asset', { item_id: 'seal', quantity: '2' })).toBe(false)
  const boxed = [part('belt', 'asset', { quantity: '12', entered: { quantity: '1', unit: 'box' } })]
  expect(standsIn(boxed, 'asset', { item_id: 'belt', quantity: '1', unit: 'box' })).toBe(false)
  expect(standsIn(boxed, 'asset', { item_id: 'belt', quantity: '1', unit: 'pc' })).toBe(true)
  expect(standsIn(boxed, 'asset', { item_id: 'belt', quantity: '12', unit: 'pair' })).toBe(true)
})

it('is short when less lies free than belongs in, exactly', () => {
  expect(isShort({ available: '2', quantity: '2.0' })).toBe(false)
  expect(isShort({ available: '1.9999999999', quantity: '2' })).toBe(true)
  expect(isShort({ available: '-1', quantity: '1' })).toBe(true)
})
