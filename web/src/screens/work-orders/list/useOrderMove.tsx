import type { ReactNode } from 'react'
import { useState } from 'react'
import { useCommand } from '../../../kit/useCommand'
import { CommandSheet } from '../detail/CommandSheet'
import type { CommandName } from '../detail/commands'
import { sendCommand, type WorkOrderCommandBody } from '../detail/order'
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

// For the version that was seen: what somebody changed meanwhile is not moved unseen.
const send = ({ order, name, body }: Sent, key: string) => sendCommand(order.id, name, body, key, order.version)

/** Moves orders between states by commands. Nothing moves on the screen before the server has answered. */
export function useOrderMove(done?: (before: WorkOrder, name: CommandName, after: WorkOrder) => void): OrderMove {
  const [asked, setAsked] = useState<{ order: WorkOrder; name: CommandName } | null>(null)
  const [moved, setMoved] = useState<string>()
  const command = useCommand(send, {
    refresh: ['work-orders', 'assets'],
    done: (after, { order, name }) => {
      setAsked((is) => (is?.order.id === order.id && is.name === name ? null : is)) // by now the person may have moved the next one
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
