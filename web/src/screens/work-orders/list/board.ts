import type { Schemas } from '../../../api/client'
import { type CommandName, permissionOf } from '../detail/commands'

type Order = Pick<Schemas['WorkOrder'], 'status' | 'allowed_commands'>

/** The columns of the board, in the order of work. */
export const columns = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold', 'completed'] as const
export type Column = (typeof columns)[number]

// Which commands lead into a column. Which of them an order takes, the server says.
const into: Record<Column, CommandName[]> = {
  waiting_approval: [],
  approved: ['approve'],
  waiting_material: [],
  scheduled: ['schedule'],
  in_progress: ['start', 'resume', 'reopen'],
  on_hold: ['hold'],
  completed: ['complete'],
}

/** Why a column does not take an order: a key of the words. */
export type Refusal = 'own' | 'role' | 'approve_first' | 'approved' | 'begun' | 'done' | 'parts' | 'hold' | 'start_first' | 'resume_first'

export type Move = { command: CommandName } | { refusal: Refusal }

/** What dropping an order on a column asks of the server, or why it is not taken. */
export function moveTo(order: Order, column: Column, may: (permission: string) => boolean): Move {
  if (order.status === column) return { refusal: 'own' }
  const command = into[column].find((name) => order.allowed_commands?.includes(name))
  if (command) return may(permissionOf[command]) ? { command } : { refusal: 'role' }
  return { refusal: refusalOf(order.status, column) }
}

function refusalOf(status: string, column: Column): Refusal {
  if (status === 'waiting_approval') return column === 'waiting_material' ? 'parts' : 'approve_first'
  switch (column) {
    case 'waiting_approval':
      return 'approved'
    case 'approved':
      return status === 'scheduled' || status === 'waiting_material' ? 'approved' : 'begun'
    case 'waiting_material':
      return 'parts'
    case 'scheduled':
      return status === 'completed' ? 'done' : 'begun'
    case 'on_hold':
      return 'hold'
    case 'completed':
      return status === 'on_hold' ? 'resume_first' : 'start_first'
    case 'in_progress':
      return 'begun'
  }
}

/** The columns that take an order. */
export const takers = (order: Order, may: (permission: string) => boolean): Column[] => columns.filter((column) => 'command' in moveTo(order, column, may))

/** The next column that takes an order, to the left or right of one. */
export function nextColumn(order: Order, from: string | undefined, right: boolean, may: (permission: string) => boolean): Column | undefined {
  const at = columns.indexOf((from ?? order.status) as Column)
  const taking = takers(order, may)
  return right ? taking.find((column) => columns.indexOf(column) > at) : taking.findLast((column) => columns.indexOf(column) < at)
}
