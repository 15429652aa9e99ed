import type { Schemas } from '../../../api/client'

type WorkOrder = Schemas['WorkOrder']

export const commandNames = ['approve', 'schedule', 'assign', 'start', 'hold', 'resume', 'complete', 'close', 'cancel', 'reopen'] as const
export type CommandName = (typeof commandNames)[number]

/** What a command needs beside the state. */
export const permissionOf: Record<CommandName, string> = {
  approve: 'work_orders.approve',
  schedule: 'work_orders.plan',
  assign: 'work_orders.plan',
  start: 'work_orders.execute',
  hold: 'work_orders.execute',
  resume: 'work_orders.execute',
  complete: 'work_orders.execute',
  close: 'work_orders.close',
  reopen: 'work_orders.close',
  cancel: 'work_orders.cancel',
}

const path: Record<string, CommandName[]> = {
  waiting_approval: ['approve'],
  approved: ['schedule', 'start', 'assign'],
  waiting_material: ['schedule', 'start', 'assign'],
  scheduled: ['start', 'schedule', 'assign'],
  in_progress: ['complete', 'hold', 'assign'],
  on_hold: ['resume', 'assign'],
  completed: ['close', 'reopen'],
}

/**
 * The commands that the server allows now and this person may send: the next step of the normal path first, then the
 * others in the order of work.
 */
export function commandsOf(order: Pick<WorkOrder, 'status' | 'allowed_commands'>, may: (permission: string) => boolean): CommandName[] {
  const allowed = ((order.allowed_commands ?? []) as CommandName[]).filter((name) => name in permissionOf && may(permissionOf[name]))
  const first = path[order.status] ?? []
  const rank = (name: CommandName) => (first.includes(name) ? first.indexOf(name) : first.length + allowed.indexOf(name))
  return [...allowed].sort((a, b) => rank(a) - rank(b))
}

const later: Partial<Record<string, CommandName>> = { waiting_approval: 'start', scheduled: 'complete', in_progress: 'close', on_hold: 'complete' }

/** The step after the next one, where this person will be allowed it: shown dashed, with the reason. */
export function lockedCommand(order: Pick<WorkOrder, 'status'>, may: (permission: string) => boolean): { name: CommandName; after: CommandName } | undefined {
  const name = later[order.status]
  if (!name || !may(permissionOf[name])) return undefined
  const after = path[order.status]?.[0]
  return after ? { name, after } : undefined
}

/** The body that takes a command back, sent with the same command; undefined where none does. */
export function reverseOf(before: Pick<WorkOrder, 'start_on' | 'assignees'>, name: CommandName): Schemas['WorkOrderCommandBody'] | undefined {
  const assignee_ids = (before.assignees ?? []).map(({ id }) => id)
  if (name === 'assign') return { assignee_ids }
  // An order that had no day cannot lose the one it got.
  return name === 'schedule' && before.start_on ? { start_on: before.start_on, assignee_ids } : undefined
}
