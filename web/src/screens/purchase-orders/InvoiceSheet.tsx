import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { DateField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { quantity, today } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import classes from '../stock/Page.module.css'
import { negated } from '../stock/movements'
import { sum } from '../work-orders/detail/sums'
import { toFields } from './delivery'
import { purchaseKeys, type PurchaseOrder } from './queries'

/** Enters a supplier's invoice; it begins with what came and is not invoiced yet, at the order's price. */
export function InvoiceSheet({ order, onClose }: { order: PurchaseOrder; onClose: () => void }) {
  const { t } = useTranslation('purchasing')
  const { locale, zone } = usePlace()
  const lines = order.lines ?? []
  const form = useFields<Record<string, string>>({
    number: '',
    invoiced_on: today(zone),
    tax: '',
    ...Object.fromEntries(
      lines.flatMap((line, at) => {
        const due = sum([line.received, negated(line.invoiced)])
        return [
          [`${at}.quantity`, due === '0' || due.startsWith('-') ? '' : due],
          [`${at}.unit_price`, line.unit_price.amount],
        ]
      }),
    ),
  })
  const enter = useCommand(
    (body: Schemas['SupplierInvoiceBody'], key: string) => ok(api.POST('/v1/purchase-orders/{id}/invoices', { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: purchaseKeys, done: onClose },
  )
  const value = (name: string) => decimalOf(form.values[name] ?? '')
  const at = lines.flatMap((_, position) => (/[1-9]/.test(value(`${position}.quantity`)) ? [position] : []))
  const send = () => {
    const body = {
      number: (form.values.number ?? '').trim(),
      invoiced_on: form.values.invoiced_on || undefined,
      tax: value('tax') || undefined,
      lines: at.map((position) => ({ line_id: lines[position]?.id ?? '', quantity: value(`${position}.quantity`), unit_price: value(`${position}.unit_price`) })),
    }
    enter.mutate(body, { onError: (error) => void form.refuse(error instanceof Problem && error.body.errors ? new Problem(error.status, { ...error.body, errors: toFields(error.body.errors, at) as never }) : error) })
  }
  return (
    <Sheet title={t('invoice.title', { number: order.number })} onClose={onClose} submit={t('invoice.enter')} onSubmit={send} busy={enter.isPending}>
      <FormProblem form={form} error={enter.error} again={send} />
      <TextField form={form} name="number" label={t('invoice.number')} autoFocus />
      <DateField form={form} name="invoiced_on" label={t('invoice.date')} optional />
      <DecimalField form={form} name="tax" label={t('invoice.tax')} unit={order.currency} optional help={t('invoice.tax_help')} />
      {lines.map((line, position) => (
        <fieldset key={line.id} className={classes.line}>
          <legend>{line.description}</legend>
          <DecimalField
            form={form}
            name={`${position}.quantity`}
            label={t('quantity')}
            unit={line.unit}
            help={t('invoice.of', { quantity: quantity(line.quantity, locale), received: quantity(line.received, locale), invoiced: quantity(line.invoiced, locale) })}
          />
          <DecimalField form={form} name={`${position}.unit_price`} label={t('unit_price')} unit={order.currency} />
        </fieldset>
      ))}
    </Sheet>
  )
}
