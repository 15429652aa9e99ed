import { IconArrowBackUp, IconCircleX, IconFileInvoice, IconLock, IconPackageExport, IconPackageImport, IconPencil, IconSend, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { CommandProblem } from '../../kit/CommandProblem'
import { type Command, CommandMenu, Commands, footMenu } from '../../kit/Commands'
import { FormProblem, TextField } from '../../kit/Fields'
import { date, instant, money, quantity, today as todayAt } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { usePhone } from '../../kit/usePhone'
import { useSheet } from '../../kit/useSheet'
import { WaitingFor } from '../approvals/WaitingFor'
import { FactList } from '../stock/FactList'
import classes from '../stock/Page.module.css'
import { commandsOf, type OrderCommand } from './commands'
import { DeliverySheet } from './DeliverySheet'
import { Invoices } from './Invoices'
import { InvoiceSheet } from './InvoiceSheet'
import { purchaseKeys, type PurchaseOrder, purchaseOrderQuery, receiptsQuery } from './queries'

const route = getRouteApi('/shell/purchase-orders/$orderId')
const icon = { size: 16, stroke: 1.75 }

const icons: Record<OrderCommand, ReactNode> = {
  submit: <IconShieldCheck {...icon} />,
  send: <IconSend {...icon} />,
  receive: <IconPackageImport {...icon} />,
  invoice: <IconFileInvoice {...icon} />,
  close: <IconLock {...icon} />,
  return: <IconPackageExport {...icon} />,
  edit: <IconPencil {...icon} />,
  withdraw: <IconArrowBackUp {...icon} />,
  cancel: <IconCircleX {...icon} />,
}

type Plain = 'submit' | 'send' | 'withdraw' | 'close'
type Asked = 'receive' | 'return' | 'invoice' | 'cancel' | 'close'

/** One purchase order: what is bought, what came of it, how its invoices match, and the next step. */
export function PurchaseOrderPage() {
  const { orderId } = route.useParams()
  const read = useQuery(purchaseOrderQuery(orderId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={orderId} order={read.data.data} />
}

function Page({ order }: { order: PurchaseOrder }) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const phone = usePhone()
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const today = todayAt(zone)
  const { sheet, open: setSheet, close } = useSheet<Asked>()
  const run = useCommand(
    ({ name }: { name: Plain; version: number }, key: string) => ok(api.POST(`/v1/purchase-orders/{id}/${name}`, { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body: {} })),
    { refresh: purchaseKeys },
  )
  const amount = money(order.amount, locale)
  // An order of which something has still to come is closed only after a question.
  const short = order.lines?.some((line) => line.open !== '0') ?? false
  const start = (name: OrderCommand) => {
    if (name === 'edit') void navigate({ to: '/purchase-orders/$orderId/edit', params: { orderId: order.id } })
    else if (name === 'receive' || name === 'return' || name === 'invoice' || name === 'cancel' || (name === 'close' && short)) setSheet(name)
    else run.mutate({ name, version: order.version })
  }
  const commands: Command[] = commandsOf(order, may).map((name) => ({
    name,
    label: t(`do.${name}`, { amount }),
    icon: icons[name],
    danger: name === 'cancel',
    busy: run.isPending && run.variables.name === name,
    run: () => start(name),
  }))
  return (
    <article className={classes.page}>
      <PageTitle
        name={order.number}
        title={
          <>
            <RecordNumber value={order.number} /> {order.supplier.name}
          </>
        }
        badges={
          <>
            <State noun="purchase_order" state={order.status} />
            {order.late ? <span className={classes.chip} data-late>{t('late')}</span> : null}
            {order.blocked_lines > 0 ? <State noun="supplier_invoice" state="blocked" /> : null}
            {order.revision > 1 ? <span className={classes.chip}>{t('revision', { number: order.revision })}</span> : null}
          </>
        }
        actions={phone ? <CommandMenu commands={footMenu(commands)} /> : <Commands commands={commands} />}
        main={phone && commands.some((command) => !command.danger) ? <Commands commands={commands} place="card" /> : null}
      />
      <div className={classes.strip}>
        <CommandProblem error={run.error} again={() => run.variables && run.mutate(run.variables)} />
        {order.mail_error ? <CommandProblem error={new Error(t('mail_error', { error: order.mail_error }))} /> : null}
        {order.status === 'pending_approval' && order.approval_case_id ? <WaitingFor approvalId={order.approval_case_id} /> : null}
        <p className={classes.next}>{t(`next.${order.status}`, { supplier: order.supplier.name, reason: order.reject_reason ?? order.cancel_reason ?? '' })}</p>
      </div>
      <div className={classes.body}>
        <div className={classes.column}>
          <Lines order={order} />
          {may('supplier_invoices.read') ? <Invoices order={order} /> : null}
          <Receipts order={order} />
        </div>
        <div className={classes.column}>
          <Panel title={t('facts')} flush>
            <FactList
              facts={[
                [t('amount'), amount],
                [t('fact.base_amount'), order.base_amount.currency === order.currency ? undefined : t('fact.at_rate', { amount: money(order.base_amount, locale), rate: quantity(order.rate, locale, 8) })],
                [t('supplier'), may('suppliers.read') ? <Link to="/suppliers/$supplierId" params={{ supplierId: order.supplier_id }}>{order.supplier.name}</Link> : order.supplier.name],
                [t('fact.requested_by'), order.requested_by?.name ?? t(`origin.${order.origin}`)],
                [t('fact.department'), order.department?.name],
                [t('fact.promised'), date(order.promised_on, locale, today)],
                [t('fact.sent_at'), instant(order.sent_at, locale, zone)],
                [t('fact.mailed_to'), order.mailed_to],
                [t('fact.document'), order.document_id && may('attachments.read') ? <a href={`/v1/attachments/${order.document_id}/content`}>{t('fact.open_document')}</a> : undefined],
                [t('fact.note'), order.note],
                [t('fact.process'), order.process?.url ? <a href={order.process.url} target="_blank" rel="noreferrer">{t('fact.open_process')}</a> : undefined],
              ]}
            />
          </Panel>
        </div>
      </div>
      {sheet === 'receive' || sheet === 'return' ? <DeliverySheet order={order} kind={sheet} onClose={close} /> : null}
      {sheet === 'invoice' ? <InvoiceSheet order={order} onClose={close} /> : null}
      {sheet === 'cancel' || sheet === 'close' ? <EndSheet order={order} name={sheet} onClose={close} /> : null}
    </article>
  )
}

function Lines({ order }: { order: PurchaseOrder }) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const { locale, zone } = usePlace()
  const today = todayAt(zone)
  const written = (value: string) => quantity(value, locale)
  return (
    <Panel title={t('lines')} flush>
      <ul className={classes.rows}>
        {order.lines?.map((line) => (
          <li key={line.id}>
            <span className={classes.what}>
              {line.item && may('items.read') ? (
                <Link to="/items/$itemId" params={{ itemId: line.item.id }}>
                  <Code>{line.item.code}</Code> {line.description}
                </Link>
              ) : (
                line.description
              )}
            </span>
            <span className={classes.figure}>{t('line.price', { quantity: written(line.quantity), unit: line.unit, price: money(line.unit_price, locale) })}</span>
            <span className={classes.figure}>{money(line.amount, locale)}</span>
            <span className={`${classes.wide} ${classes.quiet}`}>
              {t('line.progress', { received: written(line.received), open: written(line.open), invoiced: written(line.invoiced) })}
              {line.unit_factor ? ` ${t('stock:item.one_is', { one: line.unit, factor: written(line.unit_factor), unit: line.stock_unit })}.` : null}
              {line.promised_on && line.open !== '0' ? ` ${t('line.promised', { date: date(line.promised_on, locale, today) })}` : null}
              {line.cost_center ? ` ${t('line.to_cost_center', { name: line.cost_center.code ?? line.cost_center.name })}` : null}
              {line.asset_template ? ` ${t('line.to_asset', { name: line.asset_template.name })}` : null}
            </span>
            {line.work_order && may('work_orders.read') ? (
              <Go href={`/work-orders/${line.work_order.id}`}>{t('line.to_work_order', { name: line.work_order.number ?? line.work_order.name })}</Go>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Receipts({ order }: { order: PurchaseOrder }) {
  const { t } = useTranslation('purchasing')
  const { locale, zone } = usePlace()
  const receipts = useQuery(receiptsQuery(order.id)).data
  if (!receipts || receipts.length === 0) return null
  return (
    <Panel title={t('receipts')} flush>
      <ul className={classes.rows}>
        {receipts.map((receipt) => (
          <li key={receipt.id}>
            <span className={classes.what}>
              <RecordNumber value={receipt.number} /> {t(`receipt.${receipt.kind}`)}
            </span>
            <span className={classes.quiet}>{[receipt.actor?.name, instant(receipt.posted_at, locale, zone)].filter(Boolean).join(', ')}</span>
            {receipt.delivery_note || receipt.reason ? <span className={`${classes.wide} ${classes.quiet}`}>{receipt.reason || t('receipt.note', { number: receipt.delivery_note })}</span> : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Ends an order before all of it came: cancelled with a reason, or closed short. */
function EndSheet({ order, name, onClose }: { order: PurchaseOrder; name: 'cancel' | 'close'; onClose: () => void }) {
  const { t } = useTranslation('purchasing')
  const form = useFields({ reason: '' })
  const end = useCommand(
    (body: Schemas['PurchaseOrderCommandBody'], key: string) => ok(api.POST(`/v1/purchase-orders/{id}/${name}`, { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: purchaseKeys, done: onClose },
  )
  const send = () => end.mutate(name === 'cancel' ? { reason: form.values.reason.trim() } : {}, { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t(`${name}.title`, { number: order.number })} onClose={onClose} submit={t(`do.${name}`)} onSubmit={send} busy={end.isPending} danger>
      <FormProblem form={form} error={end.error} again={send} />
      <p style={{ margin: 0 }}>{t(`${name}.help`, { supplier: order.supplier.name })}</p>
      {name === 'cancel' ? <TextField form={form} name="reason" label={t('reason')} autoFocus /> : null}
    </Sheet>
  )
}
