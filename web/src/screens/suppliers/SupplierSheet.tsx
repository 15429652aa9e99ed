import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { queries } from '../../api/query'
import { DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useStale } from '../../kit/useStale'
import { type Supplier, supplierQuery } from './queries'

const texts = ['code', 'name', 'email', 'phone'] as const
const percents = ['receipt_tolerance_pct', 'price_tolerance_pct'] as const

const valuesOf = (supplier?: Supplier) => ({
  code: supplier?.code ?? '',
  name: supplier?.name ?? '',
  email: supplier?.email ?? '',
  phone: supplier?.phone ?? '',
  lead_days: supplier?.lead_days === undefined ? '' : String(supplier.lead_days),
  receipt_tolerance_pct: supplier?.receipt_tolerance_pct ?? '',
  price_tolerance_pct: supplier?.price_tolerance_pct ?? '',
})
type Values = ReturnType<typeof valuesOf>

function bodyOf(before: Values, values: Values): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const key of texts) if (before[key] !== values[key].trim()) changed[key] = values[key].trim()
  for (const key of percents) if (before[key] !== values[key]) changed[key] = values[key] ? decimalOf(values[key]) : null
  if (before.lead_days !== values.lead_days) changed.lead_days = values.lead_days ? Number(values.lead_days) : null
  return changed
}

/** A new supplier, or how one is reached and what is let pass. */
export function SupplierSheet({ supplier: read, onClose, onDone }: { supplier?: Supplier; onClose: () => void; onDone?: (supplier: Supplier) => void }) {
  const { t } = useTranslation('purchasing')
  // As it was when the form began: a live change must not slip under what is typed.
  const [supplier, setSupplier] = useState(read)
  const before = valuesOf(supplier)
  const form = useFields(before)
  const save = useCommand(
    ({ values, from }: { values: Values; from?: Supplier }, key: string) =>
      from
        ? ok(api.PATCH('/v1/suppliers/{id}', { params: { path: { id: from.id }, header: { 'If-Match': `"${from.version}"` } }, body: bodyOf(valuesOf(from), values) as Schemas['SupplierPatch'] }))
        : ok(api.POST('/v1/suppliers', { body: { code: '', name: '', ...bodyOf(before, values) }, headers: { 'Idempotency-Key': key } })),
    {
      refresh: ['suppliers'],
      done: (saved) => {
        onClose()
        onDone?.(saved)
      },
    },
  )
  const labels: Record<keyof Values, string> = {
    code: t('code'),
    name: t('name'),
    email: t('fact.email'),
    phone: t('fact.phone'),
    lead_days: t('fact.lead_days'),
    receipt_tolerance_pct: t('fact.receipt_tolerance'),
    price_tolerance_pct: t('fact.price_tolerance'),
  }
  const begin = (from: Supplier, sent?: Values) => {
    setSupplier(from)
    form.reset(valuesOf(from), sent)
  }
  const stale = useStale({
    form,
    begun: before,
    save,
    begin,
    read: () => queries.fetchQuery({ ...supplierQuery(supplier?.id ?? ''), staleTime: 0 }),
    valuesOf,
    changedAt: (now) => now.updated_at,
    label: (name) => labels[name],
  })
  const send = () => (form.dirty || !supplier ? stale.put(form.values, supplier) : onClose())
  return (
    <Sheet title={supplier ? t('supplier.edit', { code: supplier.code }) : t('supplier.new')} onClose={onClose} submit={t(supplier ? 'common:save' : 'supplier.create')} onSubmit={send} busy={save.isPending}>
      {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
      <TextField form={form} name="code" label={t('code')} autoFocus={!supplier} />
      <TextField form={form} name="name" label={t('name')} />
      <TextField form={form} name="email" label={t('fact.email')} optional help={t('supplier.email_help')} />
      <TextField form={form} name="phone" label={t('fact.phone')} optional />
      <DecimalField form={form} name="lead_days" label={t('fact.lead_days')} unit={t('days')} optional />
      <DecimalField form={form} name="receipt_tolerance_pct" label={t('fact.receipt_tolerance')} unit="%" optional help={t('supplier.receipt_help')} />
      <DecimalField form={form} name="price_tolerance_pct" label={t('fact.price_tolerance')} unit="%" optional help={t('supplier.price_help')} />
    </Sheet>
  )
}
