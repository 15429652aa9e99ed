import { expect, it } from 'vitest'
import { growing, yearsSince } from './costYears'

it('looks back to the beginning, twelve years at the most', () => {
  expect(yearsSince('2024-05-01', '2026-11-24')).toEqual([2024, 2025, 2026])
  expect(yearsSince('1998-01-01', '2026-11-24')).toHaveLength(12)
  expect(yearsSince('2031-01-01', '2026-11-24')).toEqual([2026])
})

it('adds each year to those before', () => {
  const years = [
    { year: 2025, labor: 10, parts: 0, services: 5, other: 0 },
    { year: 2026, labor: 1, parts: 2, services: 0, other: 3 },
  ]
  expect(growing(years)[1]).toEqual({ year: 2026, labor: 11, parts: 2, services: 5, other: 3 })
})
