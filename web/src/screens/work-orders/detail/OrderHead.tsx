import { useQuery } from '@tanstack/react-query'
import { IconSitemap } from '@tabler/icons-react'
import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/me'
import { Code, RecordNumber } from '../../../kit/Code'
import { duration } from '../../../kit/figures'
import { Go } from '../../../kit/Go'
import { Priority, State } from '../../../kit/State'
import { useNow } from '../../../kit/useNow'
import classes from './OrderHead.module.css'
import { assetQuery, downtimeQuery, type WorkOrder } from './order'
import { PrintButton } from './PrintButton'

interface OrderHeadProps {
  order: WorkOrder
  actions?: ReactNode
  titleRef?: Ref<HTMLHeadingElement>
}

/** Number, kind and origin of a work order, its title, its states and what it is for. */
export function OrderHead({ order, actions, titleRef }: OrderHeadProps) {
  const { t } = useTranslation('work-order')
  return (
    <div className={classes.head}>
      <div className={classes.line}>
        <span className={classes.origin}>
          <RecordNumber value={order.number} />
          <i>·</i>
          {t(`type.${order.type}`)}
          {order.work_request ? (
            <>
              <i>·</i>
              <Go href={`/requests/${order.work_request.id}`} className={classes.quiet}>
                {t('from')} <RecordNumber value={order.work_request.number ?? ''} />
              </Go>
            </>
          ) : null}
          {order.schedule ? (
            <>
              <i>·</i>
              <Go href={`/schedules/${order.schedule.id}`} className={classes.quiet}>
                {t('from')} <RecordNumber value={order.schedule.number ?? ''} />
              </Go>
            </>
          ) : null}
        </span>
        <span className={classes.actions}>
          <PrintButton order={order} />
          {actions}
        </span>
      </div>
      <h1 id={`title-${order.id}`} ref={titleRef} tabIndex={-1} className={classes.title}>
        {order.title}
      </h1>
      <div className={classes.states}>
        <State noun="work_order" state={order.status} />
        {order.overdue ? <State noun="work_order" state="overdue" /> : null}
        <span className={classes.priority} data-critical={order.priority === 'critical' || undefined}>
          <Priority value={order.priority} word />
        </span>
        <WorkedOn order={order} />
        <AssetDown assetId={order.asset_id} />
      </div>
      {order.status === 'on_hold' && order.hold_reason ? <p className={classes.reason}>{t('on_hold_because', { reason: order.hold_reason })}</p> : null}
      {order.status === 'cancelled' && order.cancel_reason ? <p className={classes.reason}>{t('cancelled_because', { reason: order.cancel_reason })}</p> : null}
      {order.description ? <p className={classes.description}>{order.description}</p> : null}
    </div>
  )
}

function WorkedOn({ order }: { order: WorkOrder }) {
  const may = useMay()
  const { asset, location } = order
  const at = asset ?? location
  if (!at) return null
  const words = (
    <>
      <IconSitemap size={14} stroke={1.75} />
      <Code>{at.code}</Code> {at.name}
    </>
  )
  if (asset && may('assets.read')) {
    return (
      <Go href={`/assets/${asset.id}`} className={classes.place}>
        {words}
      </Go>
    )
  }
  return <span className={classes.place}>{words}</span>
}

/** That the asset stands still, and since how long; nothing while it runs. */
export function AssetDown({ assetId }: { assetId: string | undefined }) {
  const may = useMay()
  const asset = useQuery({ ...assetQuery(assetId), enabled: Boolean(assetId) && may('assets.read') }).data
  const state = asset?.operating_state
  const down = state === 'down'
  const since = useQuery({ ...downtimeQuery(assetId), enabled: down }).data
  const now = useNow(60_000, down)
  if (!state || !['down', 'degraded'].includes(state)) return null
  const more = since && !since.ended_at ? duration(Math.floor((now - Date.parse(since.started_at)) / 60_000) * 60) : undefined
  return <State noun="asset" state={state} more={more} />
}
