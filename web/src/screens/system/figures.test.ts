import { expect, it } from 'vitest'
import { figureOf, lags } from './figures'

const figures = [
  { name: 'work_orders', status: 'approved', value: 37 },
  { name: 'work_orders', status: 'closed', value: 1088 },
  { name: 'outbox_oldest_seconds', value: 61 },
  { name: 'processes_late', value: 0 },
]

it('adds up a figure over its states and invents none', () => {
  expect(figureOf(figures, 'work_orders')).toBe(1125)
  expect(figureOf(figures, 'assets')).toBeUndefined()
})

it('says what is behind', () => {
  expect(lags(figures)).toEqual([
    { name: 'outbox_oldest_seconds', value: 61, seconds: true, late: true },
    { name: 'processes_late', value: 0, seconds: false, late: false },
  ])
})
