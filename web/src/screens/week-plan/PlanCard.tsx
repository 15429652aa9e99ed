import { ActionIcon, Loader, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { HTMLAttributes } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { quantity } from '../../kit/figures'
import { StateGlyph } from '../../kit/State'
import { type CommandName, commandsOf } from '../work-orders/detail/commands'
import { targetOf } from '../work-orders/list/columns'
import type { WorkOrder } from './usePlanned'
import classes from './WeekPlan.module.css'

interface PlanCardProps {
  order: WorkOrder
  lifted?: boolean
  busy?: boolean
  moved?: boolean
  /** A third line: when it is due. */
  due?: string
  late?: boolean
  handlers: HTMLAttributes<HTMLElement>
  run: (name: CommandName) => void
}

/** An order in the plan: drag it, lift it with Space, or plan and assign it from its menu. */
export function PlanCard({ order, lifted, busy, moved, due, late, handlers, run }: PlanCardProps) {
  const { t } = useTranslation('week-plan')
  const may = useMay()
  const commands = commandsOf(order, may).filter((name) => name === 'schedule' || name === 'assign')
  return (
    <li className={classes.place} data-lifted={lifted || undefined} data-moved={moved || undefined} aria-busy={busy || undefined} {...handlers}>
      <Link to="/work-orders/$id" params={{ id: order.id }} className={classes.link} aria-keyshortcuts="Space">
        <PlanFace order={order} />
        {due ? <span className={late ? classes.late : classes.due}>{due}</span> : null}
      </Link>
      {busy ? (
        <span className={classes.menu} data-busy>
          <Loader />
        </span>
      ) : commands.length > 0 ? (
        <span className={classes.menu} onPointerDown={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size={20} aria-label={t('card.commands', { order: order.number })}>
                <IconDots size={14} stroke={1.75} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {commands.map((name) => (
                <Menu.Item key={name} onClick={() => run(name)}>
                  {t(`work-order:do.${name === 'schedule' && order.start_on ? 'schedule_again' : name}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </span>
      ) : null}
    </li>
  )
}

/** What a card shows: state, code, whole even where the day is narrow, and hours; the title below. */
export function PlanFace({ order }: { order: WorkOrder }) {
  const { t } = useTranslation('week-plan')
  const { locale } = usePlace()
  return (
    <span className={classes.face}>
      <span className={classes.line}>
        <StateGlyph noun="work_order" state={order.status} size={14} />
        <Code>{targetOf(order)}</Code>
        {order.planned_hours ? <span className={classes.hours}>{t('hours', { hours: quantity(order.planned_hours, locale) })}</span> : null}
      </span>
      <span className={classes.title}>{order.title}</span>
    </span>
  )
}
