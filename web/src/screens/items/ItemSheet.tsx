import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { queries } from '../../api/query'
import { useMay, usePlace } from '../../api/me'
import { AreaField, ChoiceField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useStale } from '../../kit/useStale'
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
  const [item, setItem] = useState(read)
  const before = valuesOf(item, t('unit.piece'))
  const form = useFields(before)
  const save = useCommand(
    ({ values, from }: { values: ItemValues; from?: Item }, key: string) =>
      from
        ? ok(api.PATCH('/v1/items/{id}', { params: { path: { id: from.id }, header: { 'If-Match': `"${from.version}"` } }, body: changedBody(valuesOf(from, ''), values) }))
        : ok(api.POST('/v1/items', { body: newBody(values), headers: { 'Idempotency-Key': key } })),
    {
      refresh: ['items'],
      done: (saved) => {
        onClose()
        onDone?.(saved)
      },
    },
  )
  const labels: Partial<Record<keyof ItemValues, string>> = {
    code: t('code'),
    name: t('name'),
    unit: t('unit'),
    purchase_factor: t('item.factor', { unit: form.values.purchase_unit }),
    issue_factor: t('item.factor', { unit: form.values.issue_unit }),
    supplier_id: t('supplier'),
  }
  const begin = (from: Item, sent?: ItemValues) => {
    setItem(from)
    form.reset(valuesOf(from, ''), sent)
  }
  const stale = useStale({
    form,
    begun: before,
    save,
    begin,
    read: async () => (await queries.fetchQuery({ ...itemQuery(item?.id ?? ''), staleTime: 0 })).data,
    valuesOf: (now) => valuesOf(now, ''),
    changedAt: (now) => now.updated_at,
    label: (name) => labels[name] ?? t(`fact.${name}` as 'fact.barcode'),
    said: (name, values) => (name === 'costing' || name === 'tracking' ? t(`${name}.${values[name]}` as 'costing.fifo') : undefined),
  })
  const send = () => (form.dirty ? stale.put(form.values, item) : onClose())
  const unit = form.values.unit
  return (
    <Sheet title={item ? t('item.edit', { code: item.code }) : t('item.new')} onClose={onClose} submit={t(item ? 'common:save' : 'item.create')} onSubmit={send} busy={save.isPending}>
      {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
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
