import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, useMe, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { FormProblem, TextField } from '../../kit/Fields'
import { date, money, today as todayAt } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useSheet } from '../../kit/useSheet'
import classes from '../stock/Page.module.css'
import { invoicesQuery, purchaseKeys, type PurchaseOrder, type SupplierInvoice } from './queries'

/** The invoices of an order and how each of their lines matches what was ordered and what came. */
export function Invoices({ order }: { order: PurchaseOrder }) {
  const { t } = useTranslation('purchasing')
  const invoices = useQuery(invoicesQuery(order.id))
  const { sheet: deciding, open: setDeciding, close } = useSheet<{ invoice: SupplierInvoice; command: 'release' | 'void' }>()
  if (invoices.data?.length === 0) return null
  return (
    <Panel title={t('invoices')} flush>
      {invoices.error ? <Failed error={invoices.error} retry={() => void invoices.refetch()} /> : !invoices.data ? <Loading rows={2} /> : null}
      <ul className={classes.rows}>
        {invoices.data?.map((invoice) => (
          <Invoice key={invoice.id} invoice={invoice} onDecide={(command) => setDeciding({ invoice, command })} />
        ))}
      </ul>
      {deciding ? <DecisionSheet {...deciding} onClose={close} /> : null}
    </Panel>
  )
}

function Invoice({ invoice, onDecide }: { invoice: SupplierInvoice; onDecide: (command: 'release' | 'void') => void }) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const me = useMe()
  const { locale, zone } = usePlace()
  const blocked = invoice.lines?.filter((line) => line.status !== 'matched') ?? []
  const open = invoice.status === 'blocked'
  const own = invoice.actor?.id === me.id
  return (
    <li>
      <span className={classes.what}>
        <Code>{invoice.number}</Code> <span className={classes.quiet}>{date(invoice.invoiced_on, locale, todayAt(zone))}</span>
      </span>
      <State noun="supplier_invoice" state={invoice.status} />
      <span className={classes.figure}>{money(invoice.amount, locale)}</span>
      {open && may('supplier_invoices.release') && !own ? <Button onClick={() => onDecide('release')}>{t('invoice.release')}</Button> : null}
      {invoice.status !== 'void' && may('supplier_invoices.write') ? <Button onClick={() => onDecide('void')}>{t('invoice.void')}</Button> : null}
      {blocked.length > 0 ? (
        <ul className={classes.blocks}>
          {blocked.flatMap((line) =>
            (line.blocks ?? []).map((block) => (
              <li key={`${line.line_id} ${block.key}`}>
                {line.status === 'blocked' ? <strong>{t(`block.${block.key}`)}</strong> : t(`block.${block.key}`)} {line.description}: {block.detail}
                {line.status === 'released' ? ` ${t('invoice.released', { name: line.released_by?.name ?? '', reason: line.release_reason ?? '' })}` : null}
              </li>
            )),
          )}
        </ul>
      ) : null}
      {open && own ? <span className={`${classes.wide} ${classes.quiet}`}>{t('invoice.other_releases')}</span> : null}
      {invoice.void_reason ? <span className={`${classes.wide} ${classes.quiet}`}>{t('invoice.voided', { reason: invoice.void_reason })}</span> : null}
      {invoice.status !== 'void' && Number(invoice.tax.amount) !== 0 ? <span className={`${classes.wide} ${classes.quiet}`}>{t('invoice.with_tax', { tax: money(invoice.tax, locale) })}</span> : null}
    </li>
  )
}

function DecisionSheet({ invoice, command, onClose }: { invoice: SupplierInvoice; command: 'release' | 'void'; onClose: () => void }) {
  const { t } = useTranslation('purchasing')
  const { locale } = usePlace()
  const form = useFields({ reason: '' })
  const decide = useCommand(
    (body: { reason: string }, key: string) => ok(api.POST(`/v1/supplier-invoices/{id}/${command}`, { params: { path: { id: invoice.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: purchaseKeys, done: onClose },
  )
  const send = () => decide.mutate({ reason: form.values.reason.trim() }, { onError: (error) => void form.refuse(error) })
  return (
    <Sheet
      title={t(`invoice.${command}_title`, { number: invoice.number })}
      onClose={onClose}
      submit={command === 'release' ? t('invoice.release_amount', { amount: money(invoice.amount, locale) }) : t('invoice.void')}
      onSubmit={send}
      busy={decide.isPending}
      danger={command === 'void'}
    >
      <FormProblem form={form} error={decide.error} again={send} />
      <p style={{ margin: 0 }}>{t(`invoice.${command}_help`)}</p>
      <TextField form={form} name="reason" label={t('reason')} autoFocus />
    </Sheet>
  )
}
