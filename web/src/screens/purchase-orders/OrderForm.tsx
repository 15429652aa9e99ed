import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import { useMay } from '../../api/me'
import { DateField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { PageTitle } from '../../kit/PageTitle'
import { type Fields, useFields } from '../../kit/useFields'
import { useUnsaved } from '../../kit/useUnsaved'
import { PickField } from '../stock/PickField'
import { costCenters, items, suppliers, workOrders } from '../stock/sources'
import { UnitField } from '../stock/UnitField'
import { type Draft, type DraftLine, emptyLine, faultsOfLine, faultsOfOrder } from './draft'
import classes from './OrderForm.module.css'

/** The refusal without what it says about single lines, which stands at their fields. */
export function aboutOrder(error: Error): Error {
  return error instanceof Problem && error.body.errors ? new Problem(error.status, { ...error.body, errors: faultsOfOrder(error.body.errors) as never }) : error
}

interface OrderFormProps {
  form: Fields<Draft>
  title: string
  submit: string
  busy: boolean
  error: Error | null
  onSubmit: () => void
  onCancel: () => void
  /** The supplier and the currency are fixed once the order exists. */
  fixed?: boolean
}

/** The fields of an order and of its lines. */
export function OrderForm({ form, title, submit, busy, error, onSubmit, onCancel, fixed = false }: OrderFormProps) {
  const { t } = useTranslation('purchasing')
  useUnsaved(form.dirty && !busy)
  const { lines } = form.values
  const setLine = (at: number, line: DraftLine | null) => form.set('lines', line ? lines.map((old, index) => (index === at ? line : old)) : lines.filter((_, index) => index !== at))
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onSubmit()
  }
  return (
    <form className={classes.form} onSubmit={send} noValidate>
      <PageTitle
        title={title}
        note={form.dirty ? t('common:not_saved') : undefined}
        actions={<Button onClick={onCancel}>{t('common:cancel')}</Button>}
        main={
          <Button type="submit" variant="filled" loading={busy}>
            {submit}
          </Button>
        }
      />
      <div className={classes.fields}>
        <FormProblem form={form} error={error} again={onSubmit} />
        {fixed ? null : (
          <div className={classes.pair}>
            <PickField form={form} name="supplier_id" label={t('supplier')} source={suppliers} />
            <TextField form={form} name="currency" label={t('currency')} maxLength={3} />
          </div>
        )}
        <TextField form={form} name="note" label={t('fact.note')} optional help={t('order.note_help')} />
        {lines.map((line, at) => (
          <Line key={line.key} line={line} at={at} currency={form.values.currency} error={error} onLine={(changed) => setLine(at, changed)} onRemove={lines.length > 1 ? () => setLine(at, null) : undefined} />
        ))}
        <div>
          <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => form.set('lines', [...lines, emptyLine()])}>
            {t('line.add')}
          </Button>
        </div>
      </div>
    </form>
  )
}

interface LineProps {
  line: DraftLine
  at: number
  currency: string
  error: Error | null
  onLine: (line: DraftLine) => void
  onRemove?: () => void
}

function Line({ line, at, currency, error, onLine, onRemove }: LineProps) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const form = useFields(line)
  useEffect(() => {
    if (JSON.stringify(form.values) !== JSON.stringify(line)) onLine(form.values)
    // The line follows what is typed in it, never the other way.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [form.values])
  useEffect(() => {
    if (!(error instanceof Problem)) return
    const faults = faultsOfLine(error.body.errors ?? [], at)
    if (faults.length > 0) form.refuse(new Problem(error.status, { errors: faults as never }))
    // A refusal is taken once, when it comes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [error])
  const unit = form.values.unit || form.values.item?.unit || ''
  return (
    <fieldset className={classes.line}>
      <legend>{t('line.number', { number: at + 1 })}</legend>
      {onRemove ? (
        <ActionIcon className={classes.remove} variant="default" aria-label={t('line.remove', { number: at + 1 })} onClick={onRemove}>
          <IconTrash size={16} stroke={1.75} />
        </ActionIcon>
      ) : null}
      {may('items.read') ? <PickField form={form} name="item" label={t('item')} source={items} optional onPicked={(item) => form.set('unit', item?.bought ?? '')} /> : null}
      <TextField form={form} name="description" label={t('line.description')} optional={form.values.item !== null} />
      <div className={classes.pair}>
        <DecimalField form={form} name="quantity" label={t('quantity')} unit={unit} />
        {form.values.item ? <UnitField form={form} units={form.values.item.units ?? []} /> : <TextField form={form} name="unit" label={t('unit')} optional />}
        <DecimalField form={form} name="unit_price" label={t('unit_price')} unit={currency} optional={form.values.item !== null} help={form.values.item ? t('line.price_help') : undefined} />
        <DateField form={form} name="promised_on" label={t('line.promised_on')} optional />
      </div>
      {may('work_orders.read') ? <PickField form={form} name="work_order" label={t('line.work_order')} source={workOrders} optional help={t('line.work_order_help')} /> : null}
      {!form.values.work_order && may('cost_centers.read') ? <PickField form={form} name="cost_center" label={t('line.cost_center')} source={costCenters} optional /> : null}
    </fieldset>
  )
}
