import { describe, expect, it } from 'vitest'
import { commandsOf, lockedCommand, reverseOf } from './commands'

const all = () => true
const technician = (permission: string) => permission === 'work_orders.execute'

describe('commandsOf', () => {
  it('puts the next step first, for each their own', () => {
    const ready = { status: 'approved', allowed_commands: ['schedule', 'assign', 'start', 'cancel'] }
    expect(commandsOf(ready, all)).toEqual(['schedule', 'start', 'assign', 'cancel'])
    expect(commandsOf(ready, technician)).toEqual(['start'])
  })
  it('never offers what the server does not', () => {
    expect(commandsOf({ status: 'in_progress', allowed_commands: ['assign'] }, all)).toEqual(['assign'])
    expect(commandsOf({ status: 'closed', allowed_commands: [] }, all)).toEqual([])
  })
})

it('shows the step after the next to those who will have it', () => {
  expect(lockedCommand({ status: 'in_progress' }, all)).toEqual({ name: 'close', after: 'complete' })
  expect(lockedCommand({ status: 'in_progress' }, technician)).toBeUndefined()
  expect(lockedCommand({ status: 'on_hold' }, technician)).toEqual({ name: 'complete', after: 'resume' })
})

it('takes back an assignment, and a day where there was one before', () => {
  const before = { start_on: '2026-11-24', assignees: [{ id: 'a', name: 'Ann' }] }
  expect(reverseOf(before, 'assign')).toEqual({ assignee_ids: ['a'] })
  expect(reverseOf(before, 'schedule')).toEqual({ start_on: '2026-11-24', assignee_ids: ['a'] })
  expect(reverseOf({ assignees: null }, 'schedule')).toBeUndefined()
  expect(reverseOf(before, 'complete')).toBeUndefined()
})
