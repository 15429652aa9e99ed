import { describe, expect, it } from 'vitest'
import { cellOf, daysOf, nextCell, nobody, personAndDay, planOf, rowsOf, shareOf } from './plan'

const all = () => true
const jonas = { id: 'j', name: 'Jonas Weber' }
const amir = { id: 'a', name: 'Amir Haddad' }
const planned = { status: 'scheduled' as const, start_on: '2026-11-26', assignees: [jonas, amir], allowed_commands: ['schedule', 'assign', 'start', 'cancel'], planned_hours: '8' }
const today = '2026-11-24'
const to = (person: string, day: string) => ({ from: 'j' as string | undefined, person, day, today })

describe('a card of the week plan', () => {
  it('goes to another day with its people', () => expect(planOf(planned, to('j', '2026-11-27'), all)).toEqual({ command: 'schedule', body: { start_on: '2026-11-27', assignee_ids: ['a', 'j'] } }))
  it('goes to another person, the others stay', () => {
    expect(planOf(planned, to('p', '2026-11-26'), all)).toEqual({ command: 'assign', body: { assignee_ids: ['a', 'p'] } })
    expect(planOf(planned, to('a', '2026-11-26'), all)).toEqual({ command: 'assign', body: { assignee_ids: ['a'] } })
  })
  it('without a date gets the day and the person', () => {
    const ready = { ...planned, status: 'approved' as const, start_on: undefined }
    expect(planOf(ready, { ...to('p', '2026-11-24'), from: undefined }, all)).toEqual({ command: 'schedule', body: { start_on: '2026-11-24', assignee_ids: ['p'] } })
    expect(planOf(ready, { ...to('p', '2026-11-24'), from: undefined, person: nobody }, all)).toEqual({ refusal: 'nobody' })
  })
  it('is refused with the reason', () => {
    expect(planOf(planned, to('j', '2026-11-26'), all)).toEqual({ refusal: 'here' })
    expect(planOf(planned, to('j', '2026-11-23'), all)).toEqual({ refusal: 'past' })
    expect(planOf(planned, to('j', '2026-11-27'), () => false)).toEqual({ refusal: 'role' })
    const begun = { ...planned, status: 'in_progress' as const, allowed_commands: ['assign', 'hold', 'complete'] }
    expect(planOf(begun, to('j', '2026-11-27'), all)).toEqual({ refusal: 'begun' })
    expect(planOf(begun, to('p', '2026-11-26'), all)).toMatchObject({ command: 'assign' })
    expect(planOf({ ...planned, status: 'closed', allowed_commands: [] }, to('j', '2026-11-27'), all)).toEqual({ refusal: 'over' })
  })
  it('goes by keyboard over cells that take it', () => {
    const days = daysOf('2026-11-23')
    const takes = (cell: string) => personAndDay(cell)[1] !== '2026-11-27'
    expect(nextCell(['j', 'a'], days, ['j', '2026-11-26'], 'ArrowRight', takes)).toBe(cellOf('j', '2026-11-28'))
    expect(nextCell(['j', 'a'], days, ['j', '2026-11-26'], 'ArrowDown', takes)).toBe(cellOf('a', '2026-11-26'))
    expect(nextCell(['j', 'a'], days, ['j', '2026-11-26'], 'ArrowUp', takes)).toBeUndefined()
  })
  it('shares its hours among its people', () => {
    expect(shareOf(planned)).toBe(4)
    expect(shareOf({ ...planned, assignees: [] })).toBe(8)
    expect(rowsOf({ ...planned, assignees: null })).toEqual([nobody])
  })
})
