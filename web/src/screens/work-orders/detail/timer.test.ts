import { describe, expect, it } from 'vitest'
import { clock, quarterHours, workedSeconds } from './timer'

const at = (time: string) => `2026-11-24T${time}:00Z`
const event = (action: string, time: string) => ({ kind: 'event' as const, action: `work_order.${action}`, at: at(time) })
const now = Date.parse(at('12:00'))

describe('workedSeconds', () => {
  it('runs from the start', () => {
    expect(workedSeconds([event('start', '08:48'), event('create', '08:00')], at('08:48'), now)).toBe(3 * 3600 + 12 * 60)
  })
  it('leaves holds out', () => {
    expect(workedSeconds([event('resume', '11:00'), event('hold', '09:00'), event('start', '08:00')], at('08:00'), now)).toBe(2 * 3600)
  })
  it('stands still while on hold', () => {
    expect(workedSeconds([event('hold', '09:00'), event('start', '08:00')], at('08:00'), now)).toBe(3600)
  })
  it('counts from the start that is known where no event tells it', () => {
    expect(workedSeconds([], at('11:00'), now)).toBe(3600)
    expect(workedSeconds([event('hold', '09:30')], at('09:00'), now)).toBe(1800)
    expect(workedSeconds([], undefined, now)).toBe(0)
  })
})

it('clock and quarters', () => {
  expect(clock(3 * 3600 + 12 * 60 + 5)).toBe('3:12')
  expect(clock(52 * 3600)).toBe('52:00')
  expect(quarterHours(100)).toBe('0.25')
  expect(quarterHours(3 * 3600 + 12 * 60)).toBe('3.25')
})
