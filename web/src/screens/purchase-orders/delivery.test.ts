import { expect, it } from 'vitest'
import { deliveredLines, needsPlace, serialsOf, toFields } from './delivery'

const line = (id: string, destination: 'stock' | 'work_order' | 'asset') => ({ id, destination }) as never
const store = { id: 'store', code: 'ST', name: 'Store' }

it('sends the lines that came and no others', () => {
  const lines = [line('a', 'stock'), line('b', 'stock'), line('c', 'work_order'), line('d', 'asset')]
  const values = { '0.quantity': '', '0.location_id': store, '1.quantity': '2,5', '1.location_id': store, '1.lot': ' L1 ', '2.quantity': '1', '2.location_id': store, '3.quantity': '0', '3.location_id': null }
  expect(deliveredLines(lines, values)).toEqual({
    body: [
      { line_id: 'b', quantity: '2.5', location_id: 'store', lot: 'L1' },
      { line_id: 'c', quantity: '1' },
    ],
    at: [1, 2],
  })
})

it('takes serial numbers as they are scanned or typed', () => {
  expect(serialsOf('S1\nS2, S3;\n')).toEqual(['S1', 'S2', 'S3'])
  expect(needsPlace({ destination: 'cost_center' })).toBe(false)
})

it('gives a sentence about a sent line to the field that it was entered in', () => {
  expect(toFields([{ pointer: '/lines/1/quantity', detail: 'Too much.' }, { pointer: '/delivery_note', detail: 'Twice.' }], [1, 4])).toEqual([
    { pointer: '/4/quantity', detail: 'Too much.' },
    { pointer: '/delivery_note', detail: 'Twice.' },
  ])
})
