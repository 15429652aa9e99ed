import { IconArrowBackUp, IconCalendarEvent, IconCheck, IconCircleX, IconLock, IconPencil, IconPlayerPause, IconPlayerPlay, IconShieldCheck, IconUserPlus } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import type { Command, LockedCommand } from '../../../kit/Commands'
import { money } from '../../../kit/figures'
import type { Key } from '../../../kit/keyMap'
import { useCommand } from '../../../kit/useCommand'
import { CommandSheet } from './CommandSheet'
import { type CommandName, commandsOf, lockedCommand } from './commands'
import { EditSheet } from './EditSheet'
import { sendCommand, type WorkOrder, type WorkOrderCommandBody } from './order'
import { useOfferUndo } from './undo'

const icon = { size: 16, stroke: 1.75 }
const icons: Record<CommandName | 'edit', ReactNode> = {
  edit: <IconPencil {...icon} />,
  approve: <IconShieldCheck {...icon} />,
  schedule: <IconCalendarEvent {...icon} />,
  assign: <IconUserPlus {...icon} />,
  start: <IconPlayerPlay {...icon} />,
  hold: <IconPlayerPause {...icon} />,
  resume: <IconPlayerPlay {...icon} />,
  complete: <IconCheck {...icon} />,
  close: <IconLock {...icon} />,
  reopen: <IconArrowBackUp {...icon} />,
  cancel: <IconCircleX {...icon} />,
}

/** The main command has «e»; these have a letter of their own besides. */
const letters: Partial<Record<CommandName, Key>> = { schedule: 'p', assign: 'a', hold: 'h' }

/** Commands that need nothing more than the click. */
const plain = new Set<CommandName>(['approve', 'start', 'resume', 'close'])

export interface OrderCommands {
  commands: Command[]
  locked?: LockedCommand
  /** The open sheet, to be placed anywhere. */
  sheet: ReactNode
  /** Why the last plain command was not carried out. */
  error: Error | null
  again: () => void
}

/** What a person can do with a work order, ready for a command bar, and the sheets that some commands open. */
export function useOrderCommands(order: WorkOrder, options: { short?: boolean; etag?: string | null } = {}): OrderCommands {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const { locale } = usePlace()
  const [open, setOpen] = useState<CommandName | null>(null)
  const [editing, setEditing] = useState(false)
  const offer = useOfferUndo()
  // How the order was when the person asked; nothing while that is taken back.
  const before = useRef<WorkOrder>(undefined)
  const run = useCommand(({ name, body, version }: { name: CommandName; body: WorkOrderCommandBody; version?: number }, key) => sendCommand(order.id, name, body, key, version), {
    refresh: ['work-orders', 'assets'],
    done(after, { name }) {
      setOpen((is) => (is === name ? null : is)) // by now the person may have opened the next one
      if (!before.current) return
      offer(before.current, name, after, (body) => {
        before.current = undefined
        run.mutate({ name, body, version: after.version })
      })
    },
  })
  const ask = (name: CommandName, body: WorkOrderCommandBody) => {
    before.current = order
    run.mutate({ name, body })
  }

  const label = (name: CommandName) => {
    if (name === 'approve' && order.estimated_cost) return t('do.approve_amount', { amount: money(order.estimated_cost, locale) })
    if (name === 'schedule' && order.status === 'scheduled') return t('do.schedule_again')
    if (name === 'hold' && options.short) return t('do.hold_short')
    return t(`do.${name}`)
  }
  const names = commandsOf(order, may)
  const commands = names.map((name, at): Command => ({
    name,
    label: label(name),
    icon: icons[name],
    danger: name === 'cancel',
    hint: at === 0 ? 'e' : letters[name],
    busy: run.isPending && run.variables.name === name,
    run: () => (plain.has(name) ? ask(name, {}) : (run.reset(), setOpen(name))),
  }))
  if (options.etag && may('work_orders.write') && !['closed', 'cancelled'].includes(order.status)) {
    commands.push({ name: 'edit', label: t('do.edit'), icon: icons.edit, run: () => setEditing(true) })
  }
  const next = lockedCommand(order, may)
  const sheet = editing ? (
    <EditSheet order={order} etag={options.etag ?? null} onClose={() => setEditing(false)} />
  ) : open ? (
    <CommandSheet
      name={open}
      order={order}
      error={run.error}
      busy={run.isPending}
      onClose={() => setOpen(null)}
      send={(body) => ask(open, body)}
    />
  ) : null
  return {
    commands,
    locked: next && { name: next.name, label: t(`do.${next.name}`), reason: t(`after.${next.after}`) },
    sheet,
    error: open ? null : run.error,
    again: () => run.variables && run.mutate(run.variables),
  }
}
