import { expect, it } from 'vitest'
import { draftOf, emptyLine, faultsOfLine, faultsOfOrder, linesOf } from './draft'

const item = { id: 'item', code: 'SEAL', name: 'Seal', unit: 'pc' }

it('leaves to the server what was left empty', () => {
  const lines = [
    { ...emptyLine(), item, quantity: '2,5', unit: 'pc' },
    { ...emptyLine(), item, quantity: '2', unit: 'box' },
    { ...emptyLine(), description: ' Crane ', quantity: '1', unit: 'd', unit_price: '1.200,50', work_order: item, cost_center: item },
  ]
  expect(linesOf({ supplier_id: null, currency: 'EUR', note: '', lines })).toEqual([
    { item_id: 'item', quantity: '2.5' },
    { item_id: 'item', quantity: '2', unit: 'box' },
    { description: 'Crane', quantity: '1', unit: 'd', unit_price: '1200.50', work_order_id: 'item' },
  ])
})

it('keeps of an order that is changed what nobody changed', () => {
  const line = { id: 'l', item: { id: 'item', code: 'SEAL', name: 'Seal' }, description: 'Seal', quantity: '4', unit: 'pc', unit_price: { amount: '3', currency: 'EUR' }, asset_template_id: 'template' }
  const draft = draftOf({ supplier: { id: 's', code: 'S', name: 'Seals' }, currency: 'EUR', lines: [line] } as never)
  expect(linesOf(draft)).toEqual([{ id: 'l', item_id: 'item', description: 'Seal', quantity: '4', unit_price: '3', asset_template_id: 'template' }])
})

it('tells new lines apart', () => {
  expect(emptyLine().key).not.toBe(emptyLine().key)
})

it('gives each line its own sentences', () => {
  const faults = [
    { pointer: '/lines/1/item_id', detail: 'There is no such item.' },
    { pointer: '/supplier_id', detail: 'A supplier is needed.' },
  ]
  expect(faultsOfLine(faults, 0)).toEqual([])
  expect(faultsOfLine(faults, 1)).toEqual([{ pointer: '/item', detail: 'There is no such item.' }])
  expect(faultsOfOrder(faults)).toEqual([{ pointer: '/supplier_id', detail: 'A supplier is needed.' }])
})
