import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { Code, RecordNumber } from '../../../kit/Code'
import { date, type Money, money, quantity, today } from '../../../kit/figures'
import { Go } from '../../../kit/Go'
import classes from './Facts.module.css'
import { assetQuery, type WorkOrder } from './order'
import { share } from './sums'

/** What is known of an order in short lines: the plan against what was done, people, place. */
export function Facts({ order, hours, cost }: { order: WorkOrder; hours: string; cost: Money | undefined }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const asset = useQuery({ ...assetQuery(order.asset_id), enabled: Boolean(order.asset_id) && may('assets.read') }).data
  const { locale, zone } = usePlace(asset?.site_id)
  const day = (value: string | undefined) => (value ? date(value, locale, today(zone), true) : undefined)
  const planned = [day(order.start_on), order.planned_hours && t('hours', { hours: quantity(order.planned_hours, locale) })].filter(Boolean).join(', ')
  const done = share(hours, order.planned_hours)
  const spent = cost && share(cost.amount, order.estimated_cost?.amount)
  return (
    <div className={classes.facts}>
      <dl>
        <Fact name={t('fact.planned')}>{planned || t('fact.not_planned')}</Fact>
        <Fact name={t('fact.worked')} bar={done}>
          {order.planned_hours ? t('fact.worked_of', { hours: quantity(hours, locale, 1), of: quantity(order.planned_hours, locale, 1) }) : t('hours', { hours: quantity(hours, locale, 1) })}
        </Fact>
        {cost ? <Fact name={t('fact.cost')}>{money(cost, locale, 'whole')}</Fact> : null}
        {order.estimated_cost ? (
          <Fact name={t('fact.estimate')} bar={spent}>
            {money(order.estimated_cost, locale, 'whole')}
          </Fact>
        ) : null}
      </dl>
      <dl>
        <Fact name={t('fact.due')}>{order.due_on ? <span data-late={order.overdue || undefined}>{day(order.due_on)}</span> : t('fact.no_due')}</Fact>
        <Fact name={t('fact.assigned')}>{order.assignees?.length ? order.assignees.map(({ name }) => name).join(', ') : t('fact.nobody')}</Fact>
        {asset?.department ? <Fact name={t('fact.department')}>{asset.department.name}</Fact> : null}
        {asset?.cost_center ? <Fact name={t('fact.cost_center')}><Code>{asset.cost_center.code}</Code></Fact> : null}
      </dl>
      <dl>
        {order.location ? <Fact name={t('fact.location')}>{order.location.name}</Fact> : null}
        {order.schedule ? (
          <Fact name={t('fact.schedule')}>
            <Go href={`/schedules/${order.schedule.id}`}>
              <RecordNumber value={order.schedule.number ?? ''} />
            </Go>
          </Fact>
        ) : null}
        {order.parent ? (
          <Fact name={t('fact.parent')}>
            <Go href={`/work-orders/${order.parent.id}`}>
              <RecordNumber value={order.parent.number ?? ''} />
            </Go>
          </Fact>
        ) : null}
        {order.failure ? <Fact name={t('fact.failure')}>{[order.failure.mode, order.failure.mechanism, order.failure.cause, order.failure.remedy].filter(Boolean).join(', ')}</Fact> : null}
        {order.resolution ? <Fact name={t('fact.resolution')}>{order.resolution}</Fact> : null}
      </dl>
    </div>
  )
}

function Fact({ name, bar, children }: { name: string; bar?: number; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      {bar === undefined ? null : (
        <svg className={classes.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
          <rect width="100" height="1" fill="var(--ms-line)" />
          <rect width={bar * 100} height="1" fill="var(--ms-moving-solid)" />
        </svg>
      )}
    </div>
  )
}
