import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { Go } from '../../kit/Go'
import { State } from '../../kit/State'
import { type Asset, openStatuses, workQuery } from '../assets/queries'
import classes from './Scan.module.css'
import { firstFor } from './nextWork'

/** The open work of an asset that concerns this person first, with the way to it. */
export function NextWork({ asset }: { asset: Asset }) {
  const { t } = useTranslation('scan')
  const me = useMe()
  const orders = useQuery(workQuery(asset.id, { status: openStatuses, sort: 'due_on', limit: 50 })).data?.items ?? []
  const order = firstFor(orders, me.id)
  if (!order) return null
  const mine = (order.assignees ?? []).some((person) => person.id === me.id)
  const others = (order.assignees ?? []).map((person) => person.name).join(', ')
  return (
    <section className={classes.job} data-mine={mine || undefined}>
      <div className={classes.jobHead}>
        <State noun="work_order" state={order.status} />
        <RecordNumber value={order.number} />
      </div>
      <p className={classes.jobTitle}>
        {order.title}. <span className={classes.quiet}>{mine ? t('yours') : others}</span>
      </p>
      <Button variant="filled" fullWidth className={classes.main} leftSection={<IconArrowRight size={20} stroke={1.75} />} renderRoot={(props) => <Go {...props} href={`/work-orders/${order.id}`} />}>
        {t(mine && order.status === 'in_progress' ? 'go_on' : 'open_job')}
      </Button>
      {orders.length > 1 ? (
        <Go href={`/assets/${asset.id}?tab=work`} className={classes.others}>
          {t('others', { count: orders.length - 1 })}
        </Go>
      ) : null}
    </section>
  )
}
