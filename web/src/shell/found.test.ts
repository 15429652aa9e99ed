import { expect, it } from 'vitest'
import { hits, pathOf } from './found'

it('leads from a hit to its page', () => {
  expect(pathOf({ kind: 'work_order', id: 'a' })).toBe('/work-orders/a')
  expect(pathOf({ kind: 'requisition', id: 'c' })).toBe('/requisitions/c')
  expect(pathOf({ kind: 'purchase_order', id: 'b' })).toBe('/purchase-orders/b')
  expect(pathOf({ kind: 'requisition', id: 'd' })).toBe('/requisitions/d')
  expect(pathOf({ kind: 'something_newer', id: 'c' })).toBe('/')
})

it('finds pages without their accents', () => {
  expect(hits('Aufträge', 'auftra')).toBe(true)
  expect(hits('Équipements', 'equip')).toBe(true)
  expect(hits('Home', 'inbox')).toBe(false)
})
