import { describe, expect, it } from 'vitest'
import type { Weekday } from '../../../kit/weeks'
import { dueGroup, hoursOf, monthDays, nextMonth } from './due'
import { filterCount, queryOf, readSearch } from './search'

describe('groups of due dates', () => {
  const group = (due_on: string | undefined, overdue = false, first: Weekday = 1) => dueGroup({ overdue, due_on }, '2026-11-24', first)
  it('go from overdue to no date', () => {
    expect([group('2026-11-20', true), group('2026-11-24'), group('2026-11-29'), group('2026-12-01'), group('2026-12-07'), group(undefined)]).toEqual(['overdue', 'today', 'week', 'next', '2026-12', 'none'])
  })
  it('follow the day with which weeks begin', () => expect([0, 1, 6].map((first) => group('2026-11-29', false, first as Weekday))).toEqual(['next', 'week', 'next']))
  it('sum their hours', () => expect(hoursOf([{ planned_hours: '2.25' }, {}, { planned_hours: '0.1' }])).toBe(2.4))
})

describe('the address', () => {
  it('leaves out what it does not know', () => {
    expect(readSearch({ view: 'board', q: 'crusher', status: 3, evil: 'x', saved: 'mine' })).toEqual({ view: 'board', q: 'crusher', status: '3', saved: 'mine' })
    expect(readSearch({ view: 'list' })).toEqual({})
  })
  it('becomes the question of the server, own conditions in place of the view’s', () => {
    expect(queryOf({ saved: 'parts', priority: 'high,critical' })).toEqual({ status: ['waiting_material'], priority: ['high', 'critical'] })
    expect(queryOf({ saved: 'parts', status: 'on_hold' })).toEqual({ status: ['on_hold'] })
    expect(queryOf({ saved: 'all', open_on: '2026-11-29', booked_to: '2026-11-29' })).toEqual({ open_on: '2026-11-29', booked_to: '2026-11-29' })
  })
  it('counts a span of days as one condition', () => expect(filterCount({ due_from: '2026-11-01', due_to: '2026-11-30', q: 'a', completed_to: '2026-11-30' })).toBe(3))
})

describe('months', () => {
  it('are shown in whole weeks', () => {
    const shown = (month: string, first: Weekday) => {
      const days = monthDays(month, first)
      return [days.at(0), days.at(-1), days.length]
    }
    expect(shown('2026-11', 1)).toEqual(['2026-10-26', '2026-12-06', 42])
    expect(shown('2027-02', 1)).toEqual(['2027-02-01', '2027-02-28', 28])
    expect(shown('2026-11', 0)).toEqual(['2026-11-01', '2026-12-05', 35])
    expect(shown('2026-11', 6)).toEqual(['2026-10-31', '2026-12-04', 35])
  })
  it('follow one another over the year', () => expect([nextMonth('2026-12', 1), nextMonth('2027-01', -1), nextMonth('2027-01', 1)]).toEqual(['2027-01', '2026-12', '2027-02']))
})
