import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { IconCamera, IconChevronLeft, IconChevronRight, IconClockHour4, IconPackages, IconPlayerPause } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { CommandProblem } from '../../../kit/CommandProblem'
import { Code, RecordNumber } from '../../../kit/Code'
import { type Command, CommandMenu, Commands, footMenu } from '../../../kit/Commands'
import { money, quantity } from '../../../kit/figures'
import { Go } from '../../../kit/Go'
import { usePageName } from '../../../kit/pageName'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { Priority, State } from '../../../kit/State'
import { useUploads } from '../../../kit/useUploads'
import { WaitingFor } from '../../approvals/WaitingFor'
import { OrderParts } from '../../stock/OrderParts'
import { orderReservationsQuery } from '../../stock/queries'
import { OrderComposer } from './OrderComposer'
import { Costs } from './Costs'
import { Facts } from './Facts'
import { Files } from './Files'
import { Hours, useTimer } from './Hours'
import { HoursSheet } from './HoursSheet'
import { NextSteps } from './NextSteps'
import { AssetDown } from './OrderHead'
import { type WorkOrder, workOrderQuery } from './order'
import { OrderTimeline } from './OrderTimeline'
import classes from './PhoneWorkOrder.module.css'
import { Pictures } from './Pictures'
import { PrintButton } from './PrintButton'
import type { DetailTab } from './tabs'
import { clock } from './timer'
import { useOrderCommands } from './useOrderCommands'
import { useOrderFigures } from './useOrderFigures'

interface PhoneWorkOrderProps {
  id: string
  /** One part over the whole screen; absent: the order itself. */
  part: DetailTab | undefined
  onPart: (part: DetailTab | undefined) => void
}

/** A work order at phone size: what and where, then hours, files and facts as rows, its commands at the thumb. */
export function PhoneWorkOrder({ id, ...props }: PhoneWorkOrderProps) {
  const order = useQuery(workOrderQuery(id))
  if (order.error && !order.data) return <Failed error={order.error} retry={() => void order.refetch()} page />
  if (!order.data) return <Loading />
  return <Page key={id} order={order.data.data} etag={order.data.etag} {...props} />
}

function Page({ order, etag, part, onPart }: Omit<PhoneWorkOrderProps, 'id'> & { order: WorkOrder; etag: string | null }) {
  const { t } = useTranslation('work-order')
  usePageName(order.number)
  const may = useMay()
  const { locale } = usePlace()
  const router = useRouter()
  const { labor, costs, files, hours, cost } = useOrderFigures(order.id)
  const { commands, sheet, error, again } = useOrderCommands(order, { short: true, etag })
  const timer = useTimer(order)
  const [recording, setRecording] = useState(false)
  const camera = useRef<HTMLInputElement>(null)
  const photos = useUploads({ type: 'work_order', id: order.id })
  const failed = photos.items.find((item) => item.state === 'failed')
  const parts = useQuery({ ...orderReservationsQuery(order.id), enabled: may('reservations.read') }).data
  const begun = ['in_progress', 'on_hold', 'completed'].includes(order.status)

  const icon = { size: 18, stroke: 1.75 }
  const own: Command[] = []
  if (begun && may('work_orders.execute')) own.push({ name: 'hours', label: t('tab.hours'), icon: <IconClockHour4 {...icon} />, run: () => setRecording(true) })
  if (may('attachments.write')) own.push({ name: 'photo', label: t('photo'), icon: <IconCamera {...icon} />, busy: photos.items.some((item) => item.state === 'sending'), run: () => camera.current?.click() })
  if (may('reservations.write') && parts?.length === 0 && order.status !== 'closed' && order.status !== 'cancelled') own.push({ name: 'parts', label: t('tab.parts'), icon: <IconPackages {...icon} />, run: () => onPart('parts') })
  const [main, ...others] = commands
  const all = [...(main ? [main] : []), ...others.filter(({ name }) => name === 'hold'), ...own, ...others.filter(({ name }) => name !== 'hold')]

  const back = () => (part ? onPart(undefined) : router.history.canGoBack() ? router.history.back() : void router.navigate({ to: '/my-work' }))
  const row = (name: DetailTab, value: ReactNode) => (
    <button type="button" className={classes.row} onClick={() => onPart(name)}>
      <span>{t(`tab.${name}`)}</span>
      <span className={classes.value}>{value}</span>
      <IconChevronRight size={20} stroke={1.75} />
    </button>
  )
  const at = order.asset ?? order.location
  const stored = (files ?? []).filter((file) => file.uploaded_at)
  return (
    <div className={classes.page}>
      <header className={classes.top} data-phone-top>
        <ActionIcon size={44} aria-label={t('back')} onClick={back}>
          <IconChevronLeft size={24} stroke={1.75} />
        </ActionIcon>
        <RecordNumber value={order.number} />
        <span className={classes.space} />
        <PrintButton order={order} large />
        <CommandMenu commands={footMenu(all)} />
      </header>
      {part ? (
        <section className={classes.part}>
          <h1 className={classes.title}>{t(`tab.${part}`)}</h1>
          {part === 'hours' ? <Hours order={order} entries={labor} total={hours} /> : null}
          {part === 'parts' ? <OrderParts order={order} /> : null}
          {part === 'cost' ? <Costs order={order} labor={labor} costs={costs} total={cost} /> : null}
          {part === 'files' ? <Files subject={{ type: 'work_order', id: order.id }} files={files} /> : null}
          {part === 'facts' ? <Facts order={order} hours={hours} cost={cost} /> : null}
        </section>
      ) : (
        <div className={classes.content}>
          <h1 className={classes.title}>{order.title}</h1>
          <div className={classes.states}>
            <State noun="work_order" state={order.status} more={timer === undefined ? undefined : clock(timer)} />
            {order.overdue ? <State noun="work_order" state="overdue" /> : null}
            <span className={classes.priority} data-critical={order.priority === 'critical' || undefined}>
              <Priority value={order.priority} word />
            </span>
          </div>
          <Go href={order.asset && may('assets.read') ? `/assets/${order.asset.id}` : `/work-orders/${order.id}`} className={classes.asset}>
            <span className={classes.where}>
              <span className={classes.code}>
                <Code>{at?.code}</Code>
                <AssetDown assetId={order.asset_id} />
              </span>
              <span className={classes.place}>{[at?.name, order.asset ? order.location?.name : undefined].filter(Boolean).join('. ')}</span>
            </span>
            <IconChevronRight size={20} stroke={1.75} />
          </Go>
          {order.status === 'on_hold' && order.hold_reason ? (
            <p className={classes.held}>
              <IconPlayerPause size={20} stroke={1.75} />
              {order.hold_reason}
            </p>
          ) : null}
          {order.description ? <p className={classes.card}>{order.description}</p> : null}
          {order.status === 'waiting_approval' && order.approval_id ? <WaitingFor approvalId={order.approval_id} /> : null}
          <NextSteps order={order} />
          <div className={classes.rows}>
            {row('hours', order.planned_hours ? t('fact.worked_of', { hours: quantity(hours, locale, 1), of: quantity(order.planned_hours, locale, 1) }) : t('hours', { hours: quantity(hours, locale, 1) }))}
            {parts && parts.length > 0 ? row('parts', quantity(parts.length, locale)) : null}
            {may('costs.read') ? row('cost', cost ? money(cost, locale, 'whole') : null) : null}
            {may('attachments.read') ? row('files', stored.length > 0 ? quantity(stored.length, locale) : null) : null}
            {row('facts', order.assignees?.map(({ name }) => name).join(', '))}
          </div>
          {stored.length > 0 ? <Pictures files={stored.slice(0, 6)} /> : null}
          <section className={classes.timeline}>
            <OrderTimeline order={order} files={files} />
            {may('work_orders.comment') ? <OrderComposer orderId={order.id} /> : null}
          </section>
        </div>
      )}
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={t('photo')}
        onChange={(event) => {
          photos.add(event.currentTarget.files ?? [])
          event.currentTarget.value = ''
        }}
      />
      <div className={classes.foot} data-phone-commands="in-flow">
        {error || failed ? (
          <div className={classes.problem}>
            <CommandProblem error={error ?? failed?.error ?? null} again={error ? again : () => failed && photos.again(failed.key)} />
          </div>
        ) : null}
        <Commands commands={all} place="foot" quiet={!main} />
      </div>
      {sheet}
      {recording ? <HoursSheet order={order} entries={labor ?? []} onClose={() => setRecording(false)} /> : null}
    </div>
  )
}
