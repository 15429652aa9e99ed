import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { PickField } from '../stock/PickField'
import { idOf, type PickedItem } from '../stock/picked'
import { itemQuery } from '../stock/queries'
import { items } from '../stock/sources'
import { UnitField } from '../stock/UnitField'
import { unitsOf } from '../stock/units'
import type { CatalogEntry, Supplier } from './queries'

interface PriceValues {
  item_id: PickedItem | null
  unit: string
  price: string
  currency: string
  supplier_code: string
  min_quantity: string
  pack_quantity: string
  lead_days: string
}

/** What a supplier asks for an item: a new price, or another one. */
export function PriceSheet({ supplier, entry, onClose }: { supplier: Supplier; entry?: CatalogEntry; onClose: () => void }) {
  const { t } = useTranslation('purchasing')
  const { currency } = usePlace()
  const may = useMay()
  const form = useFields<PriceValues>({
    item_id: entry ? { id: entry.item_id, code: entry.item.code ?? '', name: entry.item.name, unit: entry.unit } : null,
    unit: entry?.unit ?? '',
    price: entry?.price.amount ?? '',
    currency: entry?.price.currency ?? currency,
    supplier_code: entry?.supplier_code ?? '',
    min_quantity: entry?.min_quantity ?? '',
    pack_quantity: entry?.pack_quantity ?? '',
    lead_days: entry?.lead_days === undefined ? '' : String(entry.lead_days),
  })
  const save = useCommand(
    ({ item_id, ...values }: PriceValues, key: string) => {
      const price = { amount: decimalOf(values.price), currency: values.currency.trim().toUpperCase() }
      const decimal = (text: string) => (text ? decimalOf(text) : undefined)
      const days = values.lead_days ? Number(values.lead_days) : undefined
      if (!entry) {
        const body = { supplier_id: supplier.id, item_id: idOf(item_id), unit: values.unit || undefined, price, supplier_code: values.supplier_code.trim() || undefined, min_quantity: decimal(values.min_quantity), pack_quantity: decimal(values.pack_quantity), lead_days: days }
        return ok(api.POST('/v1/catalog-entries', { body, headers: { 'Idempotency-Key': key } }))
      }
      const body = { unit: values.unit || undefined, price: price as never, supplier_code: values.supplier_code.trim(), min_quantity: decimal(values.min_quantity) ?? null, pack_quantity: decimal(values.pack_quantity) ?? null, lead_days: days ?? null }
      return ok(api.PATCH('/v1/catalog-entries/{id}', { params: { path: { id: entry.id }, header: { 'If-Match': `"${entry.version}"` } }, body }))
    },
    { refresh: ['catalog-entries'], done: onClose },
  )
  const send = () => save.mutate(form.values, { onError: (error) => void form.refuse(error) })
  const { unit } = form.values
  const item = useQuery({ ...itemQuery(entry?.item_id ?? ''), enabled: entry !== undefined && may('items.read') }).data?.data
  const units = form.values.item_id?.units ?? (item ? unitsOf(item) : [])
  return (
    <Sheet title={t(entry ? 'price.edit' : 'price.new')} onClose={onClose} submit={t(entry ? 'common:save' : 'price.create')} onSubmit={send} busy={save.isPending}>
      <FormProblem form={form} error={save.error} again={send} />
      {entry ? <p style={{ margin: 0 }}>{`${entry.item.code} ${entry.item.name}`}</p> : <PickField form={form} name="item_id" label={t('item')} source={items} onPicked={(item) => form.set('unit', item?.bought ?? '')} />}
      <UnitField form={form} units={units} />
      <DecimalField form={form} name="price" label={t('price')} unit={form.values.currency} />
      <TextField form={form} name="currency" label={t('currency')} maxLength={3} />
      <TextField form={form} name="supplier_code" label={t('price.supplier_code')} optional />
      <DecimalField form={form} name="min_quantity" label={t('price.min')} unit={unit} optional />
      <DecimalField form={form} name="pack_quantity" label={t('price.pack')} unit={unit} optional />
      <DecimalField form={form} name="lead_days" label={t('fact.lead_days')} unit={t('days')} optional />
    </Sheet>
  )
}
