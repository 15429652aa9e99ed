import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { date, quantity } from '../../kit/figures'
import type { OrderMove } from '../work-orders/list/useOrderMove'
import { sumOf, wholeHours } from './plan'
import { PlanCard } from './PlanCard'
import type { WorkOrder } from './usePlanned'
import classes from './WeekPlan.module.css'

/** The week on a phone: a list a day. */
export function DayList({ days, today, orders, run }: { days: string[]; today: string; orders: WorkOrder[]; run: OrderMove['run'] }) {
  const { t } = useTranslation('week-plan')
  const { locale } = usePlace()
  return (
    <div className={classes.list}>
      {days.map((day) => {
        const there = orders.filter((order) => order.start_on === day)
        const word = date(day, locale, today, true)
        return (
          <section key={day} aria-label={word} data-today={day === today || undefined}>
            <h2>
              {day === today ? t('day.today', { day: word }) : word} <small>{there.length > 0 ? t('hours', { hours: quantity(sumOf(there, wholeHours), locale) }) : t('day.free')}</small>
            </h2>
            <ul>
              {there.map((order) => (
                <PlanCard key={order.id} order={order} due={(order.assignees ?? []).map(({ name }) => name).join(', ') || t('kit:nobody')} handlers={{}} run={(name) => run(order, name)} />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
