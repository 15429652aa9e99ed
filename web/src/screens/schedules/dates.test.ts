import { describe, expect, it } from 'vitest'
import { changedDates, clockChange, monthMarks, movedBy, previewRows, previewUntil, yearOf } from './dates'

const dates = (...days: string[]) => days.map((day) => ({ due_on: day, due_key: day }))

describe('clocks', () => {
  it('change between two dates of a zone', () => {
    expect(clockChange('2027-01-12', '2027-04-13', 'Europe/Berlin')).toEqual({ to: 'summer', offset: 'UTC+2' })
    expect(clockChange('2027-07-13', '2027-12-14', 'Europe/Lisbon')).toEqual({ to: 'winter', offset: 'UTC+0' })
    expect(clockChange('2027-01-12', '2027-04-13', 'America/St_Johns')).toEqual({ to: 'summer', offset: 'UTC−2:30' })
    expect(clockChange('2027-01-12', '2027-04-13', 'Asia/Tokyo')).toBeUndefined()
  })
})

describe('the preview', () => {
  const options = { from: '2026-11-24', zone: 'Europe/Berlin', lead: 7 }
  const next = dates('2026-10-13', '2027-01-12', '2027-04-13')
  const saved = dates('2026-10-06', '2027-01-05', '2027-04-13', '2027-07-06')
  it('shows each date beside the saved one', () => {
    expect(previewRows(next, saved, options)).toMatchObject([
      { due_on: '2027-01-12', was: '2027-01-05', created: '2027-01-05', clock: undefined },
      { due_on: '2027-04-13', was: undefined, clock: { to: 'summer' } },
    ])
  })
  it('counts what changes, and what falls away', () => {
    expect(changedDates(next, saved, options.from)).toBe(2)
    expect(changedDates(next, undefined, options.from)).toBe(0)
  })
  it('reaches over ten dates and a year', () => {
    expect(previewUntil('FREQ=DAILY', '2026-11-24')).toBe('2027-12-01')
    expect(previewUntil('FREQ=MONTHLY;INTERVAL=3', '2026-11-24') > '2029-06-01').toBe(true)
    expect(previewUntil('FREQ=YEARLY;INTERVAL=20', '2026-11-24') < '2056-01-01').toBe(true)
  })
})

describe('the year', () => {
  const year = yearOf(dates('2026-11-10', '2026-11-24', '2026-11-29', '2027-11-21', '2027-11-22'), '2026-11-24', 1)
  it('has 52 weeks with their dates, from today on', () => {
    expect(year).toHaveLength(52)
    expect(year[0]).toEqual({ begins: '2026-11-23', week: 48, dates: ['2026-11-24', '2026-11-29'] })
    expect(year[51]?.dates).toEqual(['2027-11-21'])
  })
  it('begins its weeks where the company does', () => expect(yearOf(dates('2026-11-29'), '2026-11-24', 0).slice(0, 2)).toEqual([{ begins: '2026-11-22', week: 48, dates: [] }, { begins: '2026-11-29', week: 49, dates: ['2026-11-29'] }]))
  it('marks where months begin', () => expect(monthMarks(year).slice(0, 2)).toEqual([{ at: 1, month: 12 }, { at: 5, month: 1 }]))
})

it('lateness moves what follows by its part, and within the tolerance not at all', () => {
  expect(movedBy(14, 50, 0)).toBe(7)
  expect(movedBy(14, 50, 14)).toBe(0)
  expect(movedBy(15, 50, 9)).toBe(8)
})
