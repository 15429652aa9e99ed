import { describe, expect, it } from 'vitest'
import { firstDayOf, isoWeek, weekNumber, weekStart } from './weeks'

describe('weeks', () => {
  it.each([
    ['monday', '2026-11-23'],
    ['sunday', '2026-11-29'],
    ['saturday', '2026-11-28'],
  ])('begin on %s where the company says so', (start, begins) => {
    const first = firstDayOf(start)
    expect(weekStart('2026-11-29', first)).toBe(begins)
    expect(weekStart(begins, first)).toBe(begins)
  })
  it('begin on Monday where nothing is known', () => expect(firstDayOf('')).toBe(1))
  it.each([
    ['2026-11-24', 48],
    ['2026-12-31', 53],
    ['2027-01-03', 53],
    ['2027-01-04', 1],
    ['2024-12-30', 1],
  ])('%s lies in week %i of ISO 8601', (day, week) => expect(isoWeek(day)).toBe(week))
  it('that begin on another day bear the number of most of their days', () => {
    expect(['2026-11-23', '2026-11-22', '2026-11-21'].map(weekNumber)).toEqual([48, 48, 48])
  })
})
