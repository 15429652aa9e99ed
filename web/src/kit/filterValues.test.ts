import { describe, expect, it } from 'vitest'
import { joined, textParams, toggled, valuesOf } from './filterValues'

describe('filter values', () => {
  it('are lists with commas', () => {
    expect(valuesOf('low,high')).toEqual(['low', 'high'])
    expect(valuesOf(undefined)).toEqual([])
    expect(joined([])).toBeUndefined()
  })
  it('are taken in and out', () => {
    expect(toggled('low', 'high')).toBe('low,high')
    expect(toggled('low,high', 'low')).toBe('high')
    expect(toggled('low', 'low')).toBeUndefined()
  })
  it('of an address are text of known keys', () => {
    expect(textParams({ q: 4187, overdue: true, status: 'on_hold', bad: 'x', due_to: { a: 1 } }, ['q', 'overdue', 'status', 'due_to'])).toEqual({ q: '4187', overdue: 'true', status: 'on_hold' })
  })
})
