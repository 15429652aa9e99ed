import type { Schemas } from '../../../api/client'
import { type CommandName, permissionOf } from '../detail/commands'

type Order = Pick<Schemas['WorkOrder'], 'id' | 'allowed_commands'>
export type BulkName = Exclude<CommandName, 'complete'>

// Completing says what was done on one order, so it is not asked of many.
const names: BulkName[] = ['schedule', 'assign', 'approve', 'start', 'hold', 'resume', 'close', 'reopen', 'cancel']

/** What can be asked of some of the orders at once, in the order of work, each with the orders that allow it. */
export function bulkCommands<O extends Order>(orders: O[], may: (permission: string) => boolean): { name: BulkName; orders: O[] }[] {
  return names
    .filter((name) => may(permissionOf[name]))
    .map((name) => ({ name, orders: orders.filter((order) => order.allowed_commands?.includes(name)) }))
    .filter(({ orders: legal }) => legal.length > 0)
}
