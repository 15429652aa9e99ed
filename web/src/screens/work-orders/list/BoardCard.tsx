import { ActionIcon, Loader, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { HTMLAttributes } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace, useSite } from '../../../api/me'
import { People } from '../../../kit/Avatar'
import { Code, RecordNumber } from '../../../kit/Code'
import { quantity, today as todayAt } from '../../../kit/figures'
import { type CommandName, commandsOf } from '../detail/commands'
import classes from './Board.module.css'
import { DueDate, targetOf } from './columns'
import type { WorkOrder } from './useWorkOrders'

interface BoardCardProps {
  order: WorkOrder
  lifted: boolean
  /** Its command was sent and is not answered yet. */
  busy: boolean
  /** It came here by the last command. */
  moved: boolean
  handlers: HTMLAttributes<HTMLElement>
  run: (name: CommandName) => void
}

/** A work order on the board: drag it, lift it with Space, or take the same moves from its menu. */
export function BoardCard({ order, lifted, busy, moved, handlers, run }: BoardCardProps) {
  const { t } = useTranslation('work-order-list')
  const commands = commandsOf(order, useMay())
  return (
    <li className={classes.place} data-lifted={lifted || undefined} data-moved={moved || undefined} aria-busy={busy || undefined} {...handlers}>
      <Link to="/work-orders/$id" params={{ id: order.id }} className={classes.link} aria-keyshortcuts="Space">
        <CardFace order={order} />
      </Link>
      {busy ? (
        <span className={classes.busy}>
          <Loader />
        </span>
      ) : commands.length > 0 ? (
        <span className={classes.menu} onPointerDown={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size={22} aria-label={t('card.commands', { order: order.number })}>
                <IconDots size={14} stroke={1.75} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {commands.map((name) => (
                <Menu.Item key={name} color={name === 'cancel' ? 'var(--ms-red-text)' : undefined} onClick={() => run(name)}>
                  {t(`work-order:do.${name}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </span>
      ) : null}
    </li>
  )
}

/** What a card shows. */
export function CardFace({ order }: { order: WorkOrder }) {
  const { t } = useTranslation('work-order-list')
  const { locale, zone } = usePlace(useSite()?.id)
  return (
    <span className={classes.card}>
      <span className={classes.line}>
        <RecordNumber value={order.number} short /> <Code>{targetOf(order)}</Code>
      </span>
      <span className={classes.title}>{order.title}</span>
      <span className={classes.line}>
        <DueDate order={order} locale={locale} today={todayAt(zone)} /> {order.planned_hours ? t('hours', { hours: quantity(order.planned_hours, locale) }) : null}
        <span className={classes.who}>{order.assignees?.length ? <People people={order.assignees} size={18} /> : null}</span>
      </span>
    </span>
  )
}
