import { describe, expect, it } from 'vitest'
import { share, sum } from './sums'

describe('sum', () => {
  it.each([
    [[], '0'],
    [['0.1', '0.2'], '0.3'],
    [['12345678901234.56', '0.44'], '12345678901235'],
    [['100', '-120.5'], '-20.5'],
    [['1.50', undefined, ''], '1.5'],
  ])('%j is %s', (values, total) => expect(sum(values as string[])).toBe(total))
})

it('share is never above the whole and unknown without one', () => {
  expect(share('3', '6')).toBe(0.5)
  expect(share('9', '6')).toBe(1)
  expect(share('9', undefined)).toBeUndefined()
  expect(share('9', '0')).toBeUndefined()
})
