import { expect, it } from 'vitest'
import { isLow } from './low'

it('is low at the reorder point and below it, exactly', () => {
  expect(isLow({ available: '5', reorder_point: '5.0' })).toBe(true)
  expect(isLow({ available: '4.99', reorder_point: '5' })).toBe(true)
  expect(isLow({ available: '5.0000000000000001', reorder_point: '5' })).toBe(false)
  expect(isLow({ available: '10', reorder_point: '9' })).toBe(false)
  expect(isLow({ available: '0' })).toBe(false)
})
