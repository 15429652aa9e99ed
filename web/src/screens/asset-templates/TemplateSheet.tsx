import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { queries } from '../../api/query'
import { FormProblem, SelectField, TextField } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useStale } from '../../kit/useStale'
import { RefField } from '../assets/RefField'
import { FieldRows } from './FieldRows'
import type { FieldDraft } from './fields'
import { type AssetTemplate, templateQuery } from './queries'
import { changedBody, newBody, type TemplateValues, valuesOf } from './values'

/** A new template, or what the assets of one take over and which custom fields they have. */
export function TemplateSheet({ template: read, onClose, onDone }: { template?: AssetTemplate; onClose: () => void; onDone?: (template: AssetTemplate) => void }) {
  const { t } = useTranslation('asset-templates')
  // As it was when the form began: a live change must not slip under what is typed.
  const [template, setTemplate] = useState(read)
  const before = valuesOf(template)
  const form = useFields(before)
  const save = useCommand(
    ({ values, from }: { values: TemplateValues; from?: AssetTemplate }, key: string) =>
      from
        ? ok(api.PATCH('/v1/asset-templates/{id}', { params: { path: { id: from.id }, header: { 'If-Match': `"${from.version}"` } }, body: changedBody(from, valuesOf(from), values) }))
        : ok(api.POST('/v1/asset-templates', { body: newBody(values), headers: { 'Idempotency-Key': key } })),
    {
      refresh: ['asset-templates'],
      done: (saved) => {
        onClose()
        onDone?.(saved)
      },
    },
  )
  const labels: Record<keyof TemplateValues, string> = { code: t('code'), name: t('name'), category_id: t('category'), manufacturer: t('manufacturer'), model: t('model'), criticality: t('criticality'), fields: t('fields') }
  const fieldWords = ({ title, kind, choices, required }: FieldDraft) => [title, kind === 'choice' ? choices.split('\n').join(' / ') : kind === 'other' ? '' : t(`field.kind.${kind}`), required ? t('fields.required') : ''].filter(Boolean).join(', ')
  const begin = (from: AssetTemplate, sent?: TemplateValues) => {
    setTemplate(from)
    form.reset(valuesOf(from), sent)
  }
  const stale = useStale({
    form,
    begun: before,
    save,
    begin,
    read: () => queries.fetchQuery({ ...templateQuery(template?.id ?? ''), staleTime: 0 }),
    valuesOf,
    changedAt: (now) => now.updated_at,
    label: (name) => labels[name],
    said: (name, values) => (name === 'fields' ? values.fields.map(fieldWords).join('; ') : undefined),
  })
  const send = () => (form.dirty || !template ? stale.put(form.values, template) : onClose())
  return (
    <Sheet title={template ? t('edit.title', { code: template.code }) : t('new')} onClose={onClose} submit={t(template ? 'common:save' : 'create')} onSubmit={send} busy={save.isPending}>
      {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
      <TextField form={form} name="code" label={t('code')} autoFocus={!template} />
      <TextField form={form} name="name" label={t('name')} />
      <RefField form={form} name="category_id" kind="category" label={t('category')} />
      <TextField form={form} name="manufacturer" label={t('manufacturer')} optional />
      <TextField form={form} name="model" label={t('model')} optional />
      <SelectField form={form} name="criticality" label={t('criticality')} optional choices={['A', 'B', 'C'].map((value) => ({ value, label: value }))} />
      <FieldRows form={form} />
    </Sheet>
  )
}
