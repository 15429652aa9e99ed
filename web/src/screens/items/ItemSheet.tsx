import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../api/client'
import { queries } from '../../api/query'
import { useMay, usePlace } from '../../api/me'
import { AreaField, ChoiceField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { PickField } from '../stock/PickField'
import { type Item, itemQuery } from '../stock/queries'
import { suppliers } from '../stock/sources'
import { changedBody, type ItemValues, newBody, valuesOf } from './values'

/** A new item, or what an item is and when it is ordered again. */
export function ItemSheet({ item: read, onClose, onDone }: { item?: Item; onClose: () => void; onDone?: (item: Item) => void }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { currency } = usePlace()
  // As it was when the form began: a live change must not slip under what is typed.
  const [item] = useState(read)
  const before = valuesOf(item, t('unit.piece'))
  const form = useFields(before)
  const save = useCommand(
    (values: ItemValues, key: string) =>
      item
        ? ok(api.PATCH('/v1/items/{id}', { params: { path: { id: item.id }, header: { 'If-Match': `"${item.version}"` } }, body: changedBody(before, values) }))
        : ok(api.POST('/v1/items', { body: newBody(values), headers: { 'Idempotency-Key': key } })),
    {
      refresh: ['items'],
      done: (saved) => {
        onClose()
        onDone?.(saved)
      },
    },
  )
  const send = () => (form.dirty ? save.mutate(form.values, { onError: (error) => void form.refuse(error) }) : onClose())
  const stale = save.error instanceof Problem && save.error.status === 412
  const theirs = async () => {
    if (item) await queries.fetchQuery({ ...itemQuery(item.id), staleTime: 0 })
    onClose()
  }
  const unit = form.values.unit
  return (
    <Sheet title={item ? t('item.edit', { code: item.code }) : t('item.new')} onClose={onClose} submit={t(item ? 'common:save' : 'item.create')} onSubmit={send} busy={save.isPending}>
      {stale ? <Note role="alert" title={t('common:stale.title')} actions={<Button onClick={() => void theirs()}>{t('common:stale.theirs')}</Button>} /> : <FormProblem form={form} error={save.error} again={send} />}
      <TextField form={form} name="code" label={t('code')} autoFocus={!item} />
      <TextField form={form} name="name" label={t('name')} />
      <TextField form={form} name="unit" label={t('unit')} help={t('item.unit_help')} />
      {form.values.tracking === 'serial' ? null : (
        <>
          <TextField form={form} name="purchase_unit" label={t('fact.purchase_unit')} optional />
          {form.values.purchase_unit ? <DecimalField form={form} name="purchase_factor" label={t('item.factor', { unit: form.values.purchase_unit })} unit={unit} /> : null}
          <TextField form={form} name="issue_unit" label={t('fact.issue_unit')} optional />
          {form.values.issue_unit ? <DecimalField form={form} name="issue_factor" label={t('item.factor', { unit: form.values.issue_unit })} unit={unit} /> : null}
        </>
      )}
      <DecimalField form={form} name="decimals" label={t('fact.decimals')} unit={t('digits')} optional help={t('item.decimals_help')} />
      <ChoiceField form={form} name="costing" label={t('fact.costing')} choices={['moving_average', 'fifo'].map((value) => ({ value, label: t(`costing.${value}`) }))} />
      <ChoiceField form={form} name="tracking" label={t('fact.tracking')} choices={['none', 'lot', 'serial'].map((value) => ({ value, label: t(`tracking.${value}`) }))} />
      <DecimalField form={form} name="unit_cost" label={t('fact.unit_cost')} unit={currency} optional />
      <DecimalField form={form} name="reorder_point" label={t('fact.reorder_point')} unit={unit} optional help={t('item.reorder_help')} />
      <DecimalField form={form} name="safety_stock" label={t('fact.safety_stock')} unit={unit} optional />
      <DecimalField form={form} name="max_stock" label={t('fact.max_stock')} unit={unit} optional help={t('item.max_help')} />
      <DecimalField form={form} name="lead_days" label={t('fact.lead_days')} unit={t('days')} optional />
      {may('suppliers.read') ? <PickField form={form} name="supplier_id" label={t('supplier')} source={suppliers} optional /> : null}
      <TextField form={form} name="barcode" label={t('fact.barcode')} optional />
      <AreaField form={form} name="description" label={t('fact.description')} optional rows={2} />
    </Sheet>
  )
}
