import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { AreaField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { quantity } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import classes from '../stock/Page.module.css'
import { PickField } from '../stock/PickField'
import type { Picked } from '../stock/picked'
import { places, storerooms } from '../stock/sources'
import { deliveredLines, type DeliveryValues, needsPlace, toFields } from './delivery'
import { purchaseKeys, type PurchaseOrder, type PurchaseOrderLine } from './queries'

interface DeliverySheetProps {
  order: PurchaseOrder
  /** What came, or what goes back. */
  kind: 'receive' | 'return'
  onClose: () => void
}

/** Says what of an order came, or goes back: line by line, with how much is left. Empty is nothing. */
export function DeliverySheet({ order, kind, onClose }: DeliverySheetProps) {
  const { t } = useTranslation('purchasing')
  const { locale } = usePlace()
  const back = kind === 'return'
  const lines = (order.lines ?? []).filter((line) => (back ? line.received !== '0' : true))
  const form = useFields<DeliveryValues>({
    delivery_note: '',
    reason: '',
    ...Object.fromEntries(lines.flatMap((_, at) => [[`${at}.quantity`, ''], [`${at}.location_id`, null], [`${at}.lot`, ''], [`${at}.serials`, '']])),
  })
  const post = useCommand(
    (body: Schemas['PurchaseOrderCommandBody'], key: string) => ok(api.POST(`/v1/purchase-orders/{id}/${kind}`, { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: purchaseKeys, done: onClose },
  )
  const delivered = deliveredLines(lines, form.values)
  const send = () => {
    const { delivery_note, reason } = form.values as { delivery_note: string; reason: string }
    const body = { lines: delivered.body, delivery_note: back ? undefined : delivery_note.trim() || undefined, reason: back ? reason.trim() : undefined }
    post.mutate(body, {
      onError: (error) => void form.refuse(error instanceof Problem && error.body.errors ? new Problem(error.status, { ...error.body, errors: toFields(error.body.errors, delivered.at) as never }) : error),
    })
  }
  const rest = () => lines.forEach((line, at) => form.set(`${at}.quantity`, line.open))
  // What is received together is mostly put into one place.
  const spread = (from: number, place: Picked | null) =>
    lines.forEach((line, at) => {
      if (place && at !== from && line.destination === lines[from]?.destination && !form.values[`${at}.location_id`]) form.set(`${at}.location_id`, place)
    })
  return (
    <Sheet title={t(back ? 'return.title' : 'receive.title', { number: order.number })} onClose={onClose} submit={t(back ? 'return.do' : 'receive.do', { count: delivered.body.length })} onSubmit={send} busy={post.isPending}>
      <FormProblem form={form} error={post.error} again={send} />
      {back ? (
        <TextField form={form} name="reason" label={t('reason')} autoFocus />
      ) : (
        <>
          <div className={classes.between}>
            <span>{t('receive.help')}</span>
            <Button onClick={rest}>{t('receive.all')}</Button>
          </div>
          <TextField form={form} name="delivery_note" label={t('receive.note')} optional help={t('receive.note_help')} />
        </>
      )}
      {lines.map((line, at) => (
        <Line key={line.id} line={line}>
          <DecimalField
            form={form}
            name={`${at}.quantity`}
            label={t(back ? 'return.quantity' : 'receive.quantity')}
            unit={line.unit}
            help={back ? t('return.received', { quantity: quantity(line.received, locale) }) : t('receive.left', { open: quantity(line.open, locale), quantity: quantity(line.quantity, locale) })}
          />
          {needsPlace(line) ? (
            <PickField form={form} name={`${at}.location_id`} label={t(back ? 'return.from' : 'receive.into')} source={line.destination === 'stock' ? storerooms : places} onPicked={(place) => spread(at, place)} />
          ) : null}
          {line.tracking === 'lot' ? <TextField form={form} name={`${at}.lot`} label={t('lot')} /> : null}
          {line.tracking === 'serial' || line.destination === 'asset' ? <AreaField form={form} name={`${at}.serials`} label={t('serials')} rows={2} optional={line.tracking !== 'serial'} help={t('serials.help')} /> : null}
        </Line>
      ))}
    </Sheet>
  )
}

function Line({ line, children }: { line: PurchaseOrderLine; children: React.ReactNode }) {
  const { t } = useTranslation('purchasing')
  return (
    <fieldset className={classes.line}>
      <legend>{line.item?.code ? `${line.item.code} ${line.description}` : line.description}</legend>
      {line.destination === 'work_order' || line.destination === 'cost_center' ? <p>{t(`line.to_${line.destination}`, { name: line.work_order?.number ?? line.cost_center?.code ?? '' })}</p> : null}
      {children}
    </fieldset>
  )
}
