import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../api/client'
import { queries } from '../../api/query'
import { FormProblem, SelectField, TextField } from '../../kit/Fields'
import { Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { RefField } from '../assets/RefField'
import { FieldRows } from './FieldRows'
import { type AssetTemplate, templateQuery } from './queries'
import { changedBody, newBody, type TemplateValues, valuesOf } from './values'

/** A new template, or what the assets of one take over and which custom fields they have. */
export function TemplateSheet({ template: read, onClose, onDone }: { template?: AssetTemplate; onClose: () => void; onDone?: (template: AssetTemplate) => void }) {
  const { t } = useTranslation('asset-templates')
  // As it was when the form began: a live change must not slip under what is typed.
  const [template] = useState(read)
  const before = valuesOf(template)
  const form = useFields(before)
  const save = useCommand(
    (values: TemplateValues, key: string) =>
      template
        ? ok(api.PATCH('/v1/asset-templates/{id}', { params: { path: { id: template.id }, header: { 'If-Match': `"${template.version}"` } }, body: changedBody(template, before, values) }))
        : ok(api.POST('/v1/asset-templates', { body: newBody(values), headers: { 'Idempotency-Key': key } })),
    {
      refresh: ['asset-templates'],
      done: (saved) => {
        onClose()
        onDone?.(saved)
      },
    },
  )
  const send = () => (form.dirty || !template ? save.mutate(form.values, { onError: (error) => void form.refuse(error) }) : onClose())
  const stale = save.error instanceof Problem && save.error.status === 412
  const theirs = async () => {
    if (template) await queries.fetchQuery({ ...templateQuery(template.id), staleTime: 0 })
    onClose()
  }
  return (
    <Sheet title={template ? t('edit.title', { code: template.code }) : t('new')} onClose={onClose} submit={t(template ? 'common:save' : 'create')} onSubmit={send} busy={save.isPending}>
      {stale ? <Note role="alert" title={t('common:stale.title')} actions={<Button onClick={() => void theirs()}>{t('common:stale.theirs')}</Button>} /> : <FormProblem form={form} error={save.error} again={send} />}
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
