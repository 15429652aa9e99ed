import { expect, it } from 'vitest'
import { sparkPoints, ticksTo } from './ticks'

it('finds round steps that reach the highest value', () => {
  expect(ticksTo(28)).toEqual([0, 10, 20, 30])
  expect(ticksTo(50)).toEqual([0, 20, 40, 60])
  expect(ticksTo(2)).toEqual([0, 1, 2])
  expect(ticksTo(0)).toEqual([0, 1])
})

it('draws a small line from low to high, over gaps', () => {
  expect(sparkPoints([0, undefined, 10], 20, 10, 0)).toEqual([
    [0, 10],
    [10, 10],
    [20, 0],
  ])
  expect(sparkPoints([5, 5], 10, 10, 0).every(([, y]) => y === 10)).toBe(true)
  expect(sparkPoints([undefined], 10, 10)).toEqual([])
})
