import { describe, expect, it } from 'vitest'
import { monthTicks, roundTicks, scale } from './scale'
import { doubt, ratePerDay, reaches, standAt } from './trend'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const hours = [0, 10, 20, 30].map((count, at) => ({ at: start + at * 2 * day, value: 1000 + count }))

describe('a counting meter', () => {
  it('has a rate and reaches a value by it', () => {
    expect(ratePerDay(hours)).toBe(5)
    expect(reaches(hours, 1080)).toBe(start + 16 * day)
    expect(reaches(hours, 1000)).toBeUndefined()
    expect(ratePerDay(hours.slice(0, 1))).toBeUndefined()
  })
  it('that stands still reaches nothing', () => {
    expect(reaches([{ at: start, value: 5 }, { at: start + 9 * day, value: 5 }], 6)).toBeUndefined()
  })
  it('stood between its readings', () => {
    expect(standAt(hours, start + day)).toBe(1005)
    expect(standAt(hours, start - 1)).toBeUndefined()
    expect(standAt(hours, start + 30 * day)).toBeUndefined()
  })
  it('is doubted when it stands lower or jumps', () => {
    const now = start + 8 * day
    expect(doubt('continuous', hours, 1040, now)).toBeUndefined()
    expect(doubt('continuous', hours, 1029, now)).toBe('lower')
    expect(doubt('continuous', hours, 3, now, 9999)).toBe('rolled_over')
    expect(doubt('continuous', hours, 1400, now)).toBe('jump')
    expect(doubt('gauge', hours, -40, now)).toBeUndefined()
  })
})

describe('axes', () => {
  it('have round ticks that cover the values', () => {
    expect(roundTicks(16_680, 18_760, 5)).toEqual([16_500, 17_000, 17_500, 18_000, 18_500, 19_000])
    expect(roundTicks(0, 3, 3)).toEqual([0, 1, 2, 3])
    expect(roundTicks(7, 7, 4)).toEqual([7])
  })
  it('map values to places', () => expect(scale([10, 20], [100, 0])(15)).toBe(50))
  it('name firsts of months, not too many', () => {
    expect(monthTicks(Date.UTC(2025, 10, 24), Date.UTC(2026, 2, 1), 12).map((at) => new Date(at).getUTCMonth())).toEqual([11, 0, 1, 2])
    expect(monthTicks(Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1), 6)).toHaveLength(5)
  })
})
