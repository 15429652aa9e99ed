import { useTranslation } from 'react-i18next'
import { type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { capped, date, daysBetween, quantity } from '../../kit/figures'
import type { useDrag } from '../../kit/useDrag'
import { hoursOf } from '../work-orders/list/due'
import type { OrderMove } from '../work-orders/list/useOrderMove'
import { PlanCard } from './PlanCard'
import type { LiftedOrder } from './WeekPlan'
import classes from './WeekPlan.module.css'

interface TrayProps {
  page: Schemas['PageWorkOrder'] | undefined
  today: string
  drag: ReturnType<typeof useDrag<LiftedOrder>>
  move: OrderMove
  phone: boolean
}

/** Orders that could be done and have no day yet, those due first at the left. */
export function Tray({ page, today, drag, move, phone }: TrayProps) {
  const { t } = useTranslation('week-plan')
  const { locale } = usePlace()
  const orders = (page?.items ?? []).filter((order) => !order.start_on)
  if (orders.length === 0) return null
  const total = page?.total
  return (
    <section className={classes.tray} aria-label={t('tray')}>
      <header>
        <h2>{t('tray')}</h2>
        <span className={classes.trayCount}>
          {total ? t('tray.count', { shown: quantity(orders.length, locale), of: capped(total, locale), hours: quantity(hoursOf(orders), locale) }) : null}
        </span>
        {phone ? null : <span className={classes.hint}>{t('tray.hint')}</span>}
      </header>
      <ul tabIndex={0} aria-label={t('tray')}>
        {orders.map((order) => (
          <PlanCard
            key={order.id}
            order={order}
            lifted={drag.lifted?.item.order.id === order.id}
            busy={move.busy === order.id}
            due={order.overdue && order.due_on ? t('late', { count: Math.max(1, daysBetween(order.due_on, today)) }) : order.due_on ? t('due', { day: date(order.due_on, locale, today) }) : t('no_due')}
            late={order.overdue}
            handlers={drag.card({ order, from: undefined })}
            run={(name) => move.run(order, name)}
          />
        ))}
      </ul>
    </section>
  )
}
