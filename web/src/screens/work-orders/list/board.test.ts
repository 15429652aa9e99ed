import { describe, expect, it } from 'vitest'
import { columns, moveTo, nextColumn, takers } from './board'

const everything = () => true
const planner = (permission: string) => permission !== 'work_orders.execute'
const scheduled = { status: 'scheduled' as const, allowed_commands: ['schedule', 'assign', 'start', 'cancel'] }
const inProgress = { status: 'in_progress' as const, allowed_commands: ['assign', 'hold', 'complete'] }

describe('a card of the board', () => {
  it('may go where the server allows a command', () => {
    expect(takers(scheduled, everything)).toEqual(['in_progress'])
    expect(takers(inProgress, everything)).toEqual(['on_hold', 'completed'])
    expect(moveTo(inProgress, 'completed', everything)).toEqual({ command: 'complete' })
  })
  it('is refused with the reason', () => {
    expect(columns.map((column) => moveTo(scheduled, column, everything))).toEqual([
      { refusal: 'approved' },
      { refusal: 'approved' },
      { refusal: 'parts' },
      { refusal: 'own' },
      { command: 'start' },
      { refusal: 'hold' },
      { refusal: 'start_first' },
    ])
    expect(moveTo({ status: 'waiting_approval', allowed_commands: ['approve', 'cancel'] }, 'completed', everything)).toEqual({ refusal: 'approve_first' })
  })
  it('is refused to a role that may not', () => expect(moveTo(scheduled, 'in_progress', planner)).toEqual({ refusal: 'role' }))
  it('goes by keyboard over columns that take it', () => {
    expect(nextColumn(inProgress, undefined, true, everything)).toBe('on_hold')
    expect(nextColumn(inProgress, 'on_hold', true, everything)).toBe('completed')
    expect(nextColumn(inProgress, 'completed', true, everything)).toBeUndefined()
    expect(nextColumn(inProgress, 'completed', false, everything)).toBe('on_hold')
  })
})
