import type { Schemas } from '../../api/client'
import { addDays } from '../../kit/figures'
import { type CommandName, permissionOf } from '../work-orders/detail/commands'

type Order = Pick<Schemas['WorkOrder'], 'status' | 'start_on' | 'assignees' | 'allowed_commands' | 'planned_hours'>

/** The row of work that nobody was given yet. */
export const nobody = 'nobody'

/** The seven days of the week that begins with a day. */
export const daysOf = (begin: string): string[] => Array.from({ length: 7 }, (_, at) => addDays(begin, at))

export const cellOf = (person: string, day: string): string => `${person} ${day}`
export const personAndDay = (cell: string): [person: string, day: string] => {
  const at = cell.lastIndexOf(' ')
  return [cell.slice(0, at), cell.slice(at + 1)]
}

/** The people whose rows an order stands in. */
export const rowsOf = (order: Order): string[] => (order.assignees?.length ? order.assignees.map(({ id }) => id) : [nobody])

/** Planned hours of one of the people: orders of several are shared alike. */
export const shareOf = (order: Order): number => Number(order.planned_hours ?? 0) / Math.max(1, order.assignees?.length ?? 0)

/** Sum to the tenth of an hour. */
export const sumOf = (orders: Order[], hours: (order: Order) => number): number => Math.round(orders.reduce((sum, order) => sum + hours(order), 0) * 10) / 10

export const wholeHours = (order: Order): number => Number(order.planned_hours ?? 0)

/** Why a day of a person does not take an order: a key of the words. */
export type Refusal = 'here' | 'past' | 'role' | 'approve_first' | 'begun' | 'over' | 'nobody'

export type Plan = { command: Extract<CommandName, 'schedule' | 'assign'>; body: { start_on?: string; assignee_ids: string[] } } | { refusal: Refusal }

interface Where {
  /** Row that it was taken from; undefined from the orders without a date. */
  from: string | undefined
  person: string
  day: string
  today: string
}

/** What dropping an order on a day of a person asks of the server, or why it is not taken. */
export function planOf(order: Order, { from, person, day, today }: Where, may: (permission: string) => boolean): Plan {
  const sameDay = order.start_on === day
  if (sameDay && from === person) return { refusal: 'here' }
  if (person === nobody && from !== nobody) return { refusal: 'nobody' }
  const others = from === undefined ? [] : (order.assignees ?? []).map(({ id }) => id).filter((id) => id !== from && id !== person)
  const people = person === nobody ? others : [...others, person]
  // A change of the person alone is allowed longer than a change of the day.
  const command = sameDay && order.allowed_commands?.includes('assign') ? 'assign' : 'schedule'
  if (!order.allowed_commands?.includes(command)) return { refusal: refusalOf(order.status) }
  if (command === 'schedule' && day < today) return { refusal: 'past' }
  if (!may(permissionOf[command])) return { refusal: 'role' }
  return { command, body: command === 'assign' ? { assignee_ids: people } : { start_on: day, assignee_ids: people } }
}

function refusalOf(status: string): Refusal {
  if (status === 'waiting_approval') return 'approve_first'
  return status === 'in_progress' || status === 'on_hold' ? 'begun' : 'over'
}

/** The next cell in a direction that passes a test, in a grid of people and days. */
export function nextCell(people: string[], days: string[], from: [person: string, day: string], arrow: string, takes: (cell: string) => boolean): string | undefined {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[arrow]
  if (!step) return undefined
  let row = people.indexOf(from[0])
  let column = days.indexOf(from[1])
  for (;;) {
    row += step[0] ?? 0
    column += step[1] ?? 0
    const [person, day] = [people[row], days[column]]
    if (person === undefined || day === undefined) return undefined
    if (takes(cellOf(person, day))) return cellOf(person, day)
  }
}
