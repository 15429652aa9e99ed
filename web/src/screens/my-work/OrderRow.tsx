import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { date, daysBetween } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { StateGlyph } from '../../kit/State'
import type { WorkOrder } from '../work-orders/detail/order'
import { dayOfOrder, workTime } from './day'
import classes from './MyWork.module.css'

/** An order in the day: where, what, how late, how long. */
export function OrderRow({ order, today }: { order: WorkOrder; today: string }) {
  const { t } = useTranslation('my-work')
  const { locale } = usePlace()
  const at = order.asset ?? order.location
  const late = order.overdue && order.due_on ? daysBetween(order.due_on, today) : 0
  const far = dayOfOrder(order) > today && order.status !== 'completed'
  return (
    <li className={classes.row}>
      <Go href={`/work-orders/${order.id}`}>
        <StateGlyph noun="work_order" state={order.status} size={18} />
        <span className={classes.words}>
          <span className={classes.first}>
            <strong>
              <Code>{at?.code}</Code>
            </strong>
            {late > 0 ? <span className={classes.late}>{t('days_late', { count: late })}</span> : null}
          </span>
          <span className={classes.title}>{order.title}</span>
          <span className={classes.place}>{order.asset ? order.location?.name : at?.name}</span>
        </span>
        <span className={classes.when}>
          {far && order.start_on ? <strong>{date(order.start_on, locale, today)}</strong> : null}
          {order.planned_hours ? <span>{workTime(Number(order.planned_hours) * 3600)}</span> : null}
        </span>
      </Go>
    </li>
  )
}
