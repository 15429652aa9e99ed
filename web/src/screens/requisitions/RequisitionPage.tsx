import { IconCircleX, IconShoppingCart, IconArrowBackUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, useMe, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { type Command, CommandMenu, Commands, footMenu } from '../../kit/Commands'
import { DecimalField, FormProblem, TextField } from '../../kit/Fields'
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
import { FactList } from '../stock/FactList'
import classes from '../stock/Page.module.css'
import { PickField } from '../stock/PickField'
import { suppliers } from '../stock/sources'
import { toFields } from '../purchase-orders/delivery'
import { Problem } from '../../api/client'
import { asOrdered, orderLines, supplierOf } from './draft'
import { requisitionKeys, type Requisition, type RequisitionLine, requisitionQuery } from './queries'

const route = getRouteApi('/shell/requisitions/$requisitionId')
const icon = { size: 16, stroke: 1.75 }
type Asked = 'order' | 'reject' | 'cancel'

/** One requisition: what is wanted, for whom, and what became of it. */
export function RequisitionPage() {
  const { requisitionId } = route.useParams()
  const read = useQuery(requisitionQuery(requisitionId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={requisitionId} requisition={read.data} />
}

function Page({ requisition }: { requisition: Requisition }) {
  const { t } = useTranslation('requisitions')
  const may = useMay()
  const me = useMe()
  const phone = usePhone()
  const { locale, zone } = usePlace()
  const { sheet, open: setSheet, close } = useSheet<Asked>()
  const { number, status, note, needed_on, department, purchase_order, requested_by, decided_at, created_at, lines } = requisition
  const allowed: Record<Asked, boolean> = { order: may('purchase_orders.write'), reject: may('requisitions.decide'), cancel: may('requisitions.create') && requested_by.id === me.id }
  const icons = { order: <IconShoppingCart {...icon} />, reject: <IconCircleX {...icon} />, cancel: <IconArrowBackUp {...icon} /> }
  const commands: Command[] = (['order', 'reject', 'cancel'] as const)
    .filter((name) => allowed[name] && (requisition.allowed_commands ?? []).includes(name))
    .map((name) => ({ name, label: t(`do.${name}`), icon: icons[name], danger: name !== 'order', run: () => setSheet(name) }))
  return (
    <article className={classes.page}>
      <PageTitle
        name={number}
        title={
          <>
            <RecordNumber value={number} /> {lines?.[0]?.description}
          </>
        }
        badges={<State noun="requisition" state={status} />}
        actions={phone ? <CommandMenu commands={footMenu(commands)} /> : <Commands commands={commands} />}
        main={phone && commands.some((command) => !command.danger) ? <Commands commands={commands} place="card" /> : null}
      />
      <div className={classes.strip}>
        <p className={classes.next}>
          {t(`next.${status}`, { reason: requisition.decide_reason ?? '' })}{' '}
          {purchase_order ? may('purchase_orders.read') ? <Link to="/purchase-orders/$orderId" params={{ orderId: purchase_order.id }}>{purchase_order.number}</Link> : purchase_order.number : null}
        </p>
      </div>
      <div className={classes.body}>
        <div className={classes.column}>
          <Panel title={t('lines')} flush>
            <ul className={classes.rows}>
              {lines?.map((line) => (
                <Row key={line.line} line={line} />
              ))}
            </ul>
          </Panel>
        </div>
        <div className={classes.column}>
          <Panel title={t('facts')} flush>
            <FactList
              facts={[
                [t('by'), requested_by.name],
                [t('asked_at'), instant(created_at, locale, zone)],
                [t('needed_on'), date(needed_on, locale, todayAt(zone))],
                [t('department'), department?.name],
                [t('decided_at'), instant(decided_at, locale, zone)],
                [t('note'), note],
              ]}
            />
          </Panel>
        </div>
      </div>
      {sheet === 'order' ? <OrderSheet requisition={requisition} onClose={close} /> : null}
      {sheet === 'reject' || sheet === 'cancel' ? <EndSheet requisition={requisition} name={sheet} onClose={close} /> : null}
    </article>
  )
}

function Row({ line }: { line: RequisitionLine }) {
  const { t } = useTranslation('requisitions')
  const may = useMay()
  const { locale } = usePlace()
  return (
    <li>
      <span className={classes.what}>
        {line.item && may('items.read') ? (
          <Link to="/items/$itemId" params={{ itemId: line.item.id }}>
            <Code>{line.item.code}</Code> {line.description}
          </Link>
        ) : (
          line.description
        )}
      </span>
      <span className={classes.figure}>
        {quantity(line.quantity, locale)} {line.unit}
        {line.unit_factor ? <span className={classes.quiet}> {t('stock:item.one_is', { one: line.unit, factor: quantity(line.unit_factor, locale), unit: line.stock_unit })}</span> : null}
      </span>
      {line.catalog_price ? <span className={classes.figure}>{t('price.each', { price: money(line.catalog_price, locale), unit: line.catalog_unit })}</span> : null}
      {line.supplier || line.cost_center ? <span className={`${classes.wide} ${classes.quiet}`}>{[line.supplier && t('line.supplier', { name: line.supplier.name }), line.cost_center && t('line.cost_center', { name: line.cost_center.code ?? line.cost_center.name })].filter(Boolean).join(' ')}</span> : null}
      {line.work_order && may('work_orders.read') ? <Go href={`/work-orders/${line.work_order.id}`}>{t('line.work_order', { name: line.work_order.number ?? line.work_order.name })}</Go> : null}
    </li>
  )
}

/** Makes a purchase order of it: whom it is bought from, and the prices where the catalog has none. */
function OrderSheet({ requisition, onClose }: { requisition: Requisition; onClose: () => void }) {
  const { t } = useTranslation('requisitions')
  const navigate = useNavigate()
  const { currency, locale } = usePlace()
  const lines = requisition.lines ?? []
  const form = useFields<Record<string, unknown>>({ supplier_id: supplierOf(requisition), ...Object.fromEntries(lines.map((_, at) => [`${at}.unit_price`, ''])) })
  const order = useCommand(
    (body: Schemas['OrderRequisitionBody'], key: string) => ok(api.POST('/v1/requisitions/{id}/order', { params: { path: { id: requisition.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: requisitionKeys, done: ({ id }) => void navigate({ to: '/purchase-orders/$orderId', params: { orderId: id } }) },
  )
  const send = () => {
    const supplier = form.values.supplier_id as { id: string } | null
    const body = { supplier_id: supplier?.id ?? '', lines: orderLines(requisition, lines.map((_, at) => form.values[`${at}.unit_price`] as string)) }
    order.mutate(body, { onError: (error) => void form.refuse(error instanceof Problem && error.body.errors ? new Problem(error.status, { ...error.body, errors: toFields(error.body.errors, lines.map((_, at) => at)) as never }) : error) })
  }
  return (
    <Sheet title={t('order.title', { number: requisition.number })} onClose={onClose} submit={t('order.do')} onSubmit={send} busy={order.isPending}>
      <FormProblem form={form} error={order.error} again={send} />
      <PickField form={form} name="supplier_id" label={t('supplier')} source={suppliers} />
      <p style={{ margin: 0 }}>{t('order.help')}</p>
      {lines.map((line, at) => (
        <fieldset key={line.line} className={classes.line}>
          <legend>{line.item?.code ? `${line.item.code} ${line.description}` : line.description}</legend>
          <p style={{ margin: 0 }}>
            {quantity(asOrdered(line).quantity, locale)} {asOrdered(line).unit}
          </p>
          <DecimalField form={form} name={`${at}.unit_price`} label={t('unit_price')} unit={currency} optional={line.item !== undefined} />
        </fieldset>
      ))}
    </Sheet>
  )
}

/** Ends it without an order: rejected by a buyer, or taken back by who asked. */
function EndSheet({ requisition, name, onClose }: { requisition: Requisition; name: 'reject' | 'cancel'; onClose: () => void }) {
  const { t } = useTranslation('requisitions')
  const form = useFields({ reason: '' })
  const end = useCommand(
    (reason: string, key: string) => ok(api.POST(`/v1/requisitions/{id}/${name}`, { params: { path: { id: requisition.id }, header: { 'Idempotency-Key': key } }, body: { reason: reason || undefined } })),
    { refresh: requisitionKeys, done: onClose },
  )
  const send = () => end.mutate(form.values.reason.trim(), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t(`${name}.title`, { number: requisition.number })} onClose={onClose} submit={t(`do.${name}`)} onSubmit={send} busy={end.isPending} danger>
      <FormProblem form={form} error={end.error} again={send} />
      {name === 'reject' ? <p style={{ margin: 0 }}>{t('reject.help', { name: requisition.requested_by.name })}</p> : null}
      <TextField form={form} name="reason" label={t('reason')} optional={name === 'cancel'} autoFocus />
    </Sheet>
  )
}
