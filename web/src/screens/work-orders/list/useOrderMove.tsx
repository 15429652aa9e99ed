import type { ReactNode } from 'react'
import { useState } from 'react'
import { answered, api } from '../../../api/client'
import { queries } from '../../../api/query'
import { useCommand } from '../../../kit/useCommand'
import { CommandSheet } from '../detail/CommandSheet'
import type { CommandName } from '../detail/commands'
import { type WorkOrderCommandBody, workOrderQuery } from '../detail/order'
import type { WorkOrder } from './useWorkOrders'

// These need nothing more than the drop.
const plain = new Set<CommandName>(['approve', 'start', 'resume'])

interface Sent {
  order: WorkOrder
  name: CommandName
  body: WorkOrderCommandBody
}

export interface OrderMove {
  /** Asks the server; opens a sheet first where the command needs more than `body` has. */
  run: (order: WorkOrder, name: CommandName, body?: WorkOrderCommandBody) => void
  /** The order whose command was sent and not answered yet. */
  busy?: string
  /** The order that was moved last, to flash. */
  moved?: string
  sheet: ReactNode
  error: Error | null
  again: () => void
}

/** Sends a command for the version that was seen: what somebody changed meanwhile is not moved unseen. */
async function send({ order, name, body }: Sent, key: string): Promise<WorkOrder> {
  // All commands have the same body and answer; one path stands for them in the types.
  const path = `/v1/work-orders/{id}/${name}` as '/v1/work-orders/{id}/start'
  const result = await answered(api.POST(path, { params: { path: { id: order.id }, header: { 'Idempotency-Key': key, 'If-Match': `"${order.version}"` } }, body }))
  queries.setQueryData(workOrderQuery(order.id).queryKey, result)
  return result.data
}

/** Moves orders between states by commands. Nothing moves on the screen before the server has answered. */
export function useOrderMove(done?: (before: WorkOrder, name: CommandName, after: WorkOrder) => void): OrderMove {
  const [asked, setAsked] = useState<{ order: WorkOrder; name: CommandName } | null>(null)
  const [moved, setMoved] = useState<string>()
  const command = useCommand(send, {
    refresh: ['work-orders', 'assets'],
    done: (after, { order, name }) => {
      setAsked(null)
      setMoved(after.id)
      done?.(order, name, after)
    },
  })
  return {
    run: (order, name, body) => {
      command.reset()
      if (body || plain.has(name)) command.mutate({ order, name, body: body ?? {} })
      else setAsked({ order, name })
    },
    busy: command.isPending ? command.variables.order.id : undefined,
    moved,
    sheet: asked ? (
      <CommandSheet name={asked.name} order={asked.order} error={command.error} busy={command.isPending} onClose={() => setAsked(null)} send={(body) => command.mutate({ ...asked, body })} />
    ) : null,
    error: asked ? null : command.error,
    again: () => command.variables && command.mutate(command.variables),
  }
}
