import { describe, expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { dayOfWork, secondsLeft, segments, workTime } from './day'

const order = (id: string, more: Partial<Schemas['WorkOrder']> = {}) => ({ id, status: 'scheduled', priority: 'medium', allowed_commands: ['start'], ...more }) as Schemas['WorkOrder']
const ids = (orders: Schemas['WorkOrder'][]) => orders.map(({ id }) => id)
const today = '2026-11-24'

describe('dayOfWork', () => {
  const running = order('running', { status: 'in_progress', started_at: '2026-11-24T08:00:00Z', planned_hours: '6' })
  const late = order('late', { due_on: '2026-11-23' })
  const day = dayOfWork(
    [order('later', { start_on: '2026-11-30' }), order('tomorrow', { start_on: '2026-11-25' }), order('today', { start_on: today, priority: 'critical', planned_hours: '4' }), late, running, order('held', { status: 'on_hold', allowed_commands: ['resume'] })],
    [order('done', { status: 'completed', planned_hours: '1' })],
    today,
  )
  it('puts the running one into the card and the rest where it belongs', () => {
    expect(day.now?.id).toBe('running')
    expect(ids(day.today)).toEqual(['late', 'today', 'held'])
    expect(ids(day.tomorrow)).toEqual(['tomorrow'])
    expect(ids(day.later)).toEqual(['later'])
  })
  it('takes what can be started where nothing runs', () => {
    expect(dayOfWork([order('held', { status: 'on_hold', allowed_commands: [] }), late], [], today).now?.id).toBe('late')
    expect(dayOfWork([order('far', { start_on: '2026-12-24' })], [], today).now).toBeUndefined()
  })
  it('draws and counts the hours', () => {
    expect(segments(day, 3).map(({ id, weight, state, part }) => [id, weight, state, part])).toEqual([
      ['done', 1, 'done', 0],
      ['running', 6, 'running', 0.5],
      ['late', 1, 'open', 0],
      ['today', 4, 'open', 0],
      ['held', 1, 'open', 0],
    ])
    expect(secondsLeft(day, 3)).toBe(7 * 3600)
    expect(secondsLeft(day, 20)).toBe(4 * 3600)
  })
})

it('workTime stays in hours', () => {
  expect([workTime(52.5 * 3600), workTime(1800), workTime(7200)]).toEqual(['52 h 30 min', '30 min', '2 h'])
})
