import { Button } from '@mantine/core'
import { useMutation, useQueries } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { AreaField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { quantity } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import classes from '../stock/Page.module.css'
import { useWedge } from '../scan/useWedge'
import { codeOf } from '../scan/wedge'
import { onlyPlace } from '../stock/movements'
import { PickField } from '../stock/PickField'
import type { Picked } from '../stock/picked'
import { itemStockQuery } from '../stock/queries'
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
  const kept = useStockedPlaces(back ? [] : lines)
  useEffect(() => {
    kept.forEach((place, at) => place && !form.values[`${at}.location_id`] && form.set(`${at}.location_id`, place))
    // A place that is known once its stock was read is filled in once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [kept.map((place) => place?.id).join()])
  // The label of what came fills in all of it that is left.
  const [unknown, setUnknown] = useState<string>()
  const scan = useMutation({
    mutationFn: (code: string) => ok(api.GET('/v1/lookup', { params: { query: { code } } })),
    onSettled: (found, _, code) => {
      const at = lines.findIndex((line) => found?.kind === 'item' && line.item?.id === found.id)
      setUnknown(at < 0 ? code : undefined)
      if (at >= 0) form.set(`${at}.quantity`, lines[at]?.open ?? '')
    },
  })
  useWedge((code) => back || scan.mutate(codeOf(code)))
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
      <CommandProblem error={unknown === undefined ? null : new Error(t('receive.unknown', { code: unknown }))} />
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

/** Where each line's item lies already, if all of it lies in one place: what comes goes there too. */
function useStockedPlaces(lines: PurchaseOrderLine[]): (Picked | null)[] {
  const may = useMay()
  const stocks = useQueries({ queries: lines.map(({ item, destination }) => ({ ...itemStockQuery(item?.id ?? ''), enabled: Boolean(item) && destination === 'stock' && may('items.read') })) })
  return stocks.map(({ data }) => onlyPlace(data?.by_location))
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
