import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { CommandProblem } from '../../../kit/CommandProblem'
import { Commands } from '../../../kit/Commands'
import { money, quantity } from '../../../kit/figures'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { useTabKeys } from '../../../kit/useTabKeys'
import { WaitingFor } from '../../approvals/WaitingFor'
import { OrderParts } from '../../stock/OrderParts'
import { OrderComposer } from './OrderComposer'
import { Costs } from './Costs'
import { Facts } from './Facts'
import { Files } from './Files'
import { Hours } from './Hours'
import { NextSteps } from './NextSteps'
import { OrderHead } from './OrderHead'
import { type WorkOrder, workOrderQuery } from './order'
import { OrderTimeline } from './OrderTimeline'
import { type DetailTab, detailTab } from './tabs'
import { useOrderCommands } from './useOrderCommands'
import { useOrderFigures } from './useOrderFigures'
import classes from './WorkOrderDetail.module.css'

interface WorkOrderDetailProps {
  id: string
  /** The open tab, kept in the address by whoever shows this; absent: the timeline. */
  tab?: DetailTab
  onTab: (tab: DetailTab | undefined) => void
  /** Stands at the right of the first line: previous, next, open as a page, close. */
  actions?: ReactNode
  /** Moves the focus to the title when another order is opened. */
  focus?: boolean
}

/** All of one work order: head, commands, timeline, hours, costs, files and facts. Fills its frame; only the content scrolls. */
export function WorkOrderDetail({ id, ...props }: WorkOrderDetailProps) {
  const order = useQuery(workOrderQuery(id))
  if (order.error && !order.data) return <Failed error={order.error} retry={() => void order.refetch()} page={!props.actions} />
  if (!order.data) return <Loading />
  return <Detail key={id} order={order.data.data} etag={order.data.etag} {...props} />
}

type DetailProps = Omit<WorkOrderDetailProps, 'id'> & { order: WorkOrder; etag: string | null }

function Detail({ order, etag, tab, onTab, actions, focus }: DetailProps) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const { locale } = usePlace()
  const { commands, locked, sheet, error, again } = useOrderCommands(order, { etag })
  const { labor, costs, files, hours, cost } = useOrderFigures(order.id)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (focus) title.current?.focus()
  }, [focus, order.id])

  const counts: Partial<Record<DetailTab, string>> = {
    hours: labor?.length ? quantity(hours, locale, 1) : undefined,
    cost: cost ? money(cost, locale, 'whole') : undefined,
    files: files?.length ? String(files.length) : undefined,
  }
  const shown: DetailTab[] = ['timeline', 'hours', ...(may('reservations.read') ? (['parts'] as const) : []), ...(may('costs.read') ? (['cost'] as const) : []), ...(may('attachments.read') ? (['files'] as const) : []), 'facts']
  const open = tab && shown.includes(tab) ? tab : 'timeline'
  useTabKeys(shown, onTab)
  return (
    <article className={classes.detail} aria-labelledby={`title-${order.id}`}>
      <header className={classes.head}>
        <OrderHead order={order} actions={actions} titleRef={title} />
        <Commands commands={commands} locked={locked} />
        <CommandProblem error={error} again={again} />
        {order.status === 'waiting_approval' && order.approval_id ? <WaitingFor approvalId={order.approval_id} /> : null}
        <NextSteps order={order} />
        {sheet}
      </header>
      <Tabs value={open} onChange={(next) => onTab(detailTab(next))} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.list}>
          {shown.map((name) => (
            <Tabs.Tab key={name} value={name} className={name === 'facts' ? classes.factsTab : undefined}>
              {t(`tab.${name}`)}
              {counts[name] ? <span className={classes.count}> {counts[name]}</span> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={classes.below}>
          <div className={classes.content}>
            <Tabs.Panel value="timeline" className={classes.panel}>
              <OrderTimeline order={order} files={files} />
              {may('work_orders.comment') ? <OrderComposer orderId={order.id} /> : null}
            </Tabs.Panel>
            <Tabs.Panel value="hours" className={classes.scroll}>
              <Hours order={order} entries={labor} total={hours} />
            </Tabs.Panel>
            <Tabs.Panel value="parts" className={classes.scroll}>
              <OrderParts order={order} />
            </Tabs.Panel>
            <Tabs.Panel value="cost" className={classes.scroll}>
              <Costs order={order} labor={labor} costs={costs} total={cost} />
            </Tabs.Panel>
            <Tabs.Panel value="files" className={classes.scroll}>
              <Files subject={{ type: 'work_order', id: order.id }} files={files} />
            </Tabs.Panel>
            <Tabs.Panel value="facts" className={classes.scroll}>
              <Facts order={order} hours={hours} cost={cost} />
            </Tabs.Panel>
          </div>
          <aside className={classes.rail} aria-label={t('tab.facts')}>
            <Facts order={order} hours={hours} cost={cost} />
          </aside>
        </div>
      </Tabs>
    </article>
  )
}
