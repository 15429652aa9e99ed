import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { FactRows } from '../../kit/FactRows'
import { date, money, quantity, today } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { DecisionSheet } from '../requests/DecisionSheet'
import { type Decision, decide, requestQuery } from '../requests/request'
import { scheduleQuery } from '../schedules/queries'
import { ScheduleCommandSheet } from '../schedules/ScheduleCommands'
import { CommandSheet } from '../work-orders/detail/CommandSheet'
import { sendCommand, workOrderQuery, type WorkOrder, type WorkOrderCommandBody } from '../work-orders/detail/order'
import classes from './NeedsYou.module.css'

/** What a row of «needs you» asks for: a command of its subject. */
export type Asked = { kind: 'assign' | 'approve' | 'resume'; id: string } | { kind: Decision['command']; id: string }

const refresh = ['work-orders', 'work-requests', 'maintenance-schedules', 'dashboard', 'notifications', 'assets']

/** Reads what waits and asks for what its command needs, without leaving home. */
export function NeedCommand({ asked, close }: { asked: Asked; close: () => void }) {
  switch (asked.kind) {
    case 'assign':
    case 'approve':
      return <OrderCommand kind={asked.kind} id={asked.id} close={close} />
    case 'resume':
      return <ScheduleCommand id={asked.id} close={close} />
    default:
      return <RequestDecision command={asked.kind} id={asked.id} close={close} />
  }
}

/** While the record is read, and when it cannot be. */
function Reading({ error, retry, close }: { error: Error | null; retry: () => void; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet title={t(error ? 'failed.title' : 'loading')} onClose={close}>
      {error ? <Failed error={error} retry={retry} /> : <Loading rows={3} />}
    </Sheet>
  )
}

function OrderCommand({ kind, id, close }: { kind: 'assign' | 'approve'; id: string; close: () => void }) {
  const order = useQuery(workOrderQuery(id))
  const run = useCommand((body: WorkOrderCommandBody, key) => sendCommand(id, kind, body, key, order.data?.data.version), { refresh, done: close })
  if (!order.data) return <Reading error={order.error} retry={() => void order.refetch()} close={close} />
  const props = { order: order.data.data, error: run.error, busy: run.isPending, onClose: close, send: (body: WorkOrderCommandBody) => run.mutate(body) }
  return kind === 'assign' ? <CommandSheet name="assign" {...props} /> : <ApproveSheet {...props} />
}

interface ApproveSheetProps {
  order: WorkOrder
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (body: WorkOrderCommandBody) => void
}

/** Shows what would be approved before it is: the amount stands in the button too. */
function ApproveSheet({ order, error, busy, onClose, send }: ApproveSheetProps) {
  const { t } = useTranslation('home')
  const { t: words } = useTranslation('work-order')
  const { locale, zone } = usePlace()
  const amount = money(order.estimated_cost, locale)
  const facts: [string, string][] = [
    [t('approve.cost'), amount || t('approve.no_cost')],
    [t('approve.hours'), quantity(order.planned_hours, locale)],
    [t('approve.due'), date(order.due_on, locale, today(zone), true)],
  ]
  return (
    <Sheet title={t('approve.title')} submit={amount ? words('do.approve_amount', { amount }) : words('do.approve')} onSubmit={() => send({})} onClose={onClose} busy={busy}>
      <CommandProblem error={error} again={() => send({})} />
      <p className={classes.subject}>{[order.number, order.asset?.code ?? order.location?.code, order.title].filter(Boolean).join(' · ')}</p>
      {order.description ? <p className={classes.subject}>{order.description}</p> : null}
      <FactRows className={classes.facts} facts={facts} />
    </Sheet>
  )
}

function ScheduleCommand({ id, close }: { id: string; close: () => void }) {
  const schedule = useQuery(scheduleQuery(id))
  if (!schedule.data) return <Reading error={schedule.error} retry={() => void schedule.refetch()} close={close} />
  return <ScheduleCommandSheet name="resume" schedule={schedule.data.data} etag={schedule.data.etag ?? ''} close={close} />
}

function RequestDecision({ command, id, close }: { command: Decision['command']; id: string; close: () => void }) {
  const request = useQuery(requestQuery(id))
  const run = useCommand(
    (decision: Decision, key) => {
      if (!request.data) throw new Error('no request')
      return decide(request.data.data, request.data.etag, decision, key)
    },
    { refresh, done: close },
  )
  if (!request.data) return <Reading error={request.error} retry={() => void request.refetch()} close={close} />
  return <DecisionSheet command={command} request={request.data.data} error={run.error} busy={run.isPending} onClose={close} send={(decision) => run.mutate(decision)} />
}
