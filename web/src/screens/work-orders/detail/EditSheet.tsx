import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api, ok, Problem, type Schemas } from '../../../api/client'
import { usePlace } from '../../../api/me'
import { queries } from '../../../api/query'
import { AreaField, ChoiceField, DateField, DecimalField, FormProblem, TextField } from '../../../kit/Fields'
import { decimalOf } from '../../../kit/faults'
import { date, money, quantity, today } from '../../../kit/figures'
import { Sheet } from '../../../kit/Sheet'
import { Stale } from '../../../kit/Stale'
import { Priority } from '../../../kit/State'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useRefusal } from './CommandSheet'
import { type WorkOrder, workOrderQuery } from './order'

const valuesOf = (order: WorkOrder) => ({
  title: order.title,
  priority: order.priority as string,
  due_on: order.due_on ?? '',
  planned_hours: order.planned_hours ?? '',
  estimated_cost: order.estimated_cost?.amount ?? '',
  description: order.description,
})
type Values = ReturnType<typeof valuesOf>
type Name = keyof Values

/** Who changed an order last; nobody where the machine did or that cannot be read. */
async function changedBy(id: string): Promise<string | undefined> {
  const newest = await ok(api.GET('/v1/work-orders/{id}/timeline', { params: { path: { id }, query: { limit: 20 } } })).catch(() => undefined)
  return newest?.items?.find(({ kind }) => kind === 'event')?.actor?.name
}

/** Changes what an order says. Only changed fields are sent, for the version that was read; a newer one is shown field by field. */
export function EditSheet({ order, etag, onClose }: { order: WorkOrder; etag: string | null; onClose: () => void }) {
  const { t } = useTranslation('work-order')
  const { currency, locale, zone } = usePlace()
  const form = useFields(valuesOf(order))
  const [base, setBase] = useState({ values: valuesOf(order), etag })
  const [theirs, setTheirs] = useState<Answered<WorkOrder> & { who?: string }>()
  const send = useCommand(
    async ({ body, version }: { body: Schemas['ChangeWorkOrderBody']; version: string | null }) => {
      const result = await answered(api.PATCH('/v1/work-orders/{id}', { params: { path: { id: order.id }, header: { 'If-Match': version ?? '' } }, body }))
      queries.setQueryData(workOrderQuery(order.id).queryKey, result)
      return result.data
    },
    { refresh: ['work-orders'], done: onClose },
  )
  useRefusal(form, send.error)

  const names = Object.keys(base.values) as Name[]
  const changed = names.filter((name) => form.values[name] !== base.values[name])
  const look = async (error: Error) => {
    if (!(error instanceof Problem) || error.status !== 412) return
    const [now, who] = await Promise.all([queries.fetchQuery({ ...workOrderQuery(order.id), staleTime: 0 }), changedBy(order.id)])
    setTheirs({ ...now, who })
  }
  const save = (version: string | null) => {
    if (changed.length === 0) return onClose()
    const body = Object.fromEntries(changed.map((name) => [name, name === 'planned_hours' || name === 'estimated_cost' ? decimalOf(form.values[name]) || null : form.values[name] || (name === 'due_on' ? null : '')])) as Schemas['ChangeWorkOrderBody']
    send.mutate({ body, version }, { onError: (error) => void look(error) })
  }
  const submit = () => save(base.etag)
  const take = (now: Answered<WorkOrder>) => {
    form.reset(valuesOf(now.data))
    setBase({ values: valuesOf(now.data), etag: now.etag })
    setTheirs(undefined)
    send.reset()
  }
  const said = (name: Name, value: string): string => {
    if (!value) return ''
    switch (name) {
      case 'priority':
        return t(`states:priority.${value}` as 'states:priority.low')
      case 'due_on':
        return date(value, locale, today(zone), true)
      case 'planned_hours':
        return t('hours', { hours: quantity(decimalOf(value), locale) })
      case 'estimated_cost':
        return money({ amount: decimalOf(value), currency }, locale)
      default:
        return value
    }
  }
  const fields = (now: Values) =>
    names
      .filter((name) => changed.includes(name) || now[name] !== base.values[name])
      .map((name) => ({ name, label: t(`field.${name}`), mine: said(name, form.values[name]), now: said(name, now[name]), own: changed.includes(name) }))
  const priorities = ['low', 'medium', 'high', 'critical'].map((value) => ({ value, label: t(`states:priority.${value}`), icon: <Priority value={value} /> }))
  return (
    <Sheet title={t('edit.title')} submit={t('common:save')} onSubmit={submit} onClose={onClose} busy={send.isPending}>
      {theirs ? (
        <Stale who={theirs.who} at={theirs.data.updated_at} fields={fields(valuesOf(theirs.data))} onKeep={() => save(theirs.etag)} onDrop={() => take(theirs)} />
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
