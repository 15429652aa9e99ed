import { expect, it } from 'vitest'
import { bodyOf, emptyLine, orderLines, supplierOf } from './draft'
import type { RequisitionLine } from './queries'

const seal = { id: 'i1', code: 'SEAL', name: 'Seal', unit: 'pc' }
const order = { id: 'w1', code: 'WO-1', name: 'Pump' }
const center = { id: 'c1', code: 'C-1', name: 'Mill' }

it('asks for items by id and for other things in words, and charges the work order first', () => {
  const body = bodyOf({
    note: ' ',
    needed_on: '',
    department_id: null,
    lines: [
      { ...emptyLine(), item_id: seal, quantity: '2,5', unit: 'box', work_order_id: order, cost_center_id: center },
      { ...emptyLine(), description: ' Crane for a day ', quantity: '1', unit: 'day', cost_center_id: center },
    ],
  })
  expect(JSON.parse(JSON.stringify(body))).toEqual({
    lines: [
      { item_id: 'i1', unit: 'box', quantity: '2.5', work_order_id: 'w1' },
      { description: 'Crane for a day', unit: 'day', quantity: '1', cost_center_id: 'c1' },
    ],
  })
})

const line = (fields: Partial<RequisitionLine>): RequisitionLine => ({ line: 1, description: 'Seal', quantity: '2', unit: 'pc', ...fields })
const acme = { id: 's1', code: 'ACME', name: 'Acme' }

it('an order begins with the supplier of all lines that have one', () => {
  expect(supplierOf({ lines: [line({ supplier: acme }), line({})] })).toEqual(acme)
  expect(supplierOf({ lines: [line({ supplier: acme }), line({ supplier: { ...acme, id: 's2' } })] })).toBeNull()
  expect(supplierOf({ lines: [line({})] })).toBeNull()
})

it('an order asks for what the requisition does, at the prices that were typed', () => {
  const lines = orderLines({ lines: [line({ item_id: 'i1' }), line({ item_id: 'i2', unit: 'box', order_as: { quantity: '24', unit: 'pc' } }), line({ description: 'Crane', unit: 'day', cost_center_id: 'c1' })] }, ['', '', '1.250,00'])
  expect(JSON.parse(JSON.stringify(lines))).toEqual([
    { item_id: 'i1', quantity: '2', unit: 'pc' },
    { item_id: 'i2', quantity: '24', unit: 'pc' },
    { description: 'Crane', quantity: '2', unit: 'day', unit_price: '1250.00', cost_center_id: 'c1' },
  ])
})
