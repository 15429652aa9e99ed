import { expect, it } from 'vitest'
import { changedBody, newBody, valuesOf } from './values'

it('leaves out of a new item what was left empty', () => {
  const typed = { ...valuesOf(undefined, 'pc'), code: ' SEAL-1 ', name: 'Seal', reorder_point: '2,5', lead_days: '14' }
  expect(newBody(typed)).toEqual({ code: 'SEAL-1', name: 'Seal', unit: 'pc', costing: 'moving_average', tracking: 'none', reorder_point: '2.5', lead_days: 14 })
})

it('changes only what differs, and empties what was emptied', () => {
  const from = { ...valuesOf(undefined, 'pc'), code: 'SEAL-1', name: 'Seal', reorder_point: '5', lead_days: '7', supplier_id: { id: 's', code: 'S', name: 'S' } }
  expect(changedBody(from, from)).toEqual({})
  expect(changedBody(from, { ...from, name: 'Seal kit', reorder_point: '', lead_days: '', supplier_id: null })).toEqual({ name: 'Seal kit', reorder_point: null, lead_days: null, supplier_id: null })
  expect(changedBody(from, { ...from, max_stock: '1,5' })).toEqual({ max_stock: '1.5' })
})
