import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answered, api, Problem, type Schemas } from '../../../api/client'
import { usePlace } from '../../../api/me'
import { queries } from '../../../api/query'
import { AreaField, ChoiceField, DateField, DecimalField, FormProblem, TextField } from '../../../kit/Fields'
import { decimalOf } from '../../../kit/faults'
import { Note } from '../../../kit/ScreenStates'
import { Sheet } from '../../../kit/Sheet'
import { Priority } from '../../../kit/State'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useRefusal } from './CommandSheet'
import { type WorkOrder, workOrderQuery } from './order'

const valuesOf = (order: WorkOrder) => ({
  title: order.title,
  priority: order.priority,
  due_on: order.due_on ?? '',
  planned_hours: order.planned_hours ?? '',
  estimated_cost: order.estimated_cost?.amount ?? '',
  description: order.description,
})
type Values = ReturnType<typeof valuesOf>

/** Changes what an order says. Only changed fields are sent, for the version that was read; a newer one is shown field by field. */
export function EditSheet({ order, etag, onClose }: { order: WorkOrder; etag: string | null; onClose: () => void }) {
  const { t } = useTranslation('work-order')
  const { currency } = usePlace()
  const form = useFields(valuesOf(order))
  const [base, setBase] = useState({ values: valuesOf(order), etag })
  const send = useCommand(
    async (body: Schemas['ChangeWorkOrderBody']) => {
      const result = await answered(api.PATCH('/v1/work-orders/{id}', { params: { path: { id: order.id }, header: { 'If-Match': base.etag ?? '' } }, body }))
      queries.setQueryData(workOrderQuery(order.id).queryKey, result)
      return result.data
    },
    { refresh: ['work-orders'], done: onClose },
  )
  useRefusal(form, send.error)
  const stale = send.error instanceof Problem && send.error.status === 412

  const changed = (Object.keys(base.values) as (keyof Values)[]).filter((name) => form.values[name] !== base.values[name])
  const submit = () => {
    if (changed.length === 0) return onClose()
    const sent = Object.fromEntries(changed.map((name) => [name, name === 'planned_hours' || name === 'estimated_cost' ? decimalOf(form.values[name]) || null : form.values[name] || (name === 'due_on' ? null : '')]))
    send.mutate(sent as Schemas['ChangeWorkOrderBody'])
  }
  // Theirs for what this person did not touch, his own for what he did.
  const takeTheirs = async () => {
    const now = await queries.fetchQuery({ ...workOrderQuery(order.id), staleTime: 0 })
    const theirs = valuesOf(now.data)
    for (const name of Object.keys(theirs) as (keyof Values)[]) if (!changed.includes(name)) form.set(name, theirs[name])
    setBase({ values: theirs, etag: now.etag })
    send.reset()
  }
  const priorities = ['low', 'medium', 'high', 'critical'].map((value) => ({ value, label: t(`states:priority.${value}`), icon: <Priority value={value} /> }))
  return (
    <Sheet title={t('edit.title')} submit={t('common:save')} onSubmit={submit} onClose={onClose} busy={send.isPending}>
      {stale ? (
        <Note title={t('common:stale.title')} role="alert" actions={<Button onClick={() => void takeTheirs()}>{t('edit.merge')}</Button>}>
          {t('edit.stale')}
        </Note>
      ) : (
        <FormProblem form={form} error={send.error} again={submit} />
      )}
      <TextField form={form} name="title" label={t('field.title')} autoFocus maxLength={300} />
      <ChoiceField form={form} name="priority" label={t('field.priority')} choices={priorities} />
      <DateField form={form} name="due_on" label={t('field.due_on')} optional />
      <DecimalField form={form} name="planned_hours" label={t('field.planned_hours')} unit={t('unit.hours')} optional />
      <DecimalField form={form} name="estimated_cost" label={t('field.estimated_cost')} unit={currency} optional />
      <AreaField form={form} name="description" label={t('field.description')} optional />
    </Sheet>
  )
}
