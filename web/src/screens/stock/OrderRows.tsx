import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { date, today as todayAt } from '../../kit/figures'
import { State } from '../../kit/State'
import classes from './Page.module.css'

/** Orders to suppliers as rows: number, supplier, state and the day that was promised. */
export function OrderRows({ orders }: { orders: Schemas['PurchaseOrder'][] }) {
  const { t } = useTranslation('purchasing')
  const { locale, zone } = usePlace()
  return (
    <ul className={classes.rows}>
      {orders.map((order) => (
        <li key={order.id}>
          <span className={classes.what}>
            <Link to="/purchase-orders/$orderId" params={{ orderId: order.id }}>
              <RecordNumber value={order.number} /> {order.supplier.name}
            </Link>
          </span>
          <State noun="purchase_order" state={order.status} />
          {order.promised_on ? <span className={classes.figure}>{t('line.promised', { date: date(order.promised_on, locale, todayAt(zone)) })}</span> : null}
        </li>
      ))}
    </ul>
  )
}
