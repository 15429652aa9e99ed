import { expect, it } from 'vitest'
import { mondayOf, weekOf } from './weeks'

it('counts weeks as ISO 8601 does', () => {
  expect(mondayOf('2026-11-24')).toBe('2026-11-23')
  expect(mondayOf('2026-11-29')).toBe('2026-11-23')
  expect(weekOf('2026-11-24')).toBe(48)
  expect(weekOf('2027-01-01')).toBe(53)
  expect(weekOf('2027-01-04')).toBe(1)
  expect(weekOf('2024-12-30')).toBe(1)
})
