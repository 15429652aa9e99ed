import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { AreaField, ChoiceField, DateField, FormProblem, TextField, useFieldProps } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { Priority } from '../../kit/State'
import { type Fields, useFields } from '../../kit/useFields'
import { useRefusal } from '../work-orders/detail/CommandSheet'
import type { Decision, WorkRequest } from './request'

interface DecisionSheetProps {
  request: WorkRequest
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (decision: Decision) => void
}

/** What a decision on a request asks for. */
export function DecisionSheet({ command, ...props }: DecisionSheetProps & { command: Decision['command'] }) {
  if (command === 'accept') return <AcceptSheet {...props} />
  if (command === 'reject') return <RejectSheet {...props} />
  return <DuplicateSheet {...props} />
}

function AcceptSheet({ request, error, busy, onClose, send }: DecisionSheetProps) {
  const { t } = useTranslation('work-request')
  const form = useFields({ title: request.title, type: 'corrective', priority: 'medium', due_on: '' })
  useRefusal(form, error)
  const { title, type, priority, due_on } = form.values
  const submit = () =>
    send({
      command: 'accept',
      body: { title: title.trim(), type: type as Schemas['AcceptWorkRequestBody']['type'], priority: priority as Schemas['AcceptWorkRequestBody']['priority'], due_on: due_on || undefined },
    })
  return (
    <Sheet title={t('accept.title')} submit={t('accept.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <p>{t('accept.effect')}</p>
      <FormProblem form={form} error={error} again={submit} />
      <TextField form={form} name="title" label={t('work-order:field.title')} maxLength={300} autoFocus />
      <ChoiceField form={form} name="type" label={t('work-order:field.type')} choices={['corrective', 'preventive', 'inspection', 'improvement'].map((value) => ({ value, label: t(`work-order:type.${value}`) }))} />
      <ChoiceField form={form} name="priority" label={t('work-order:field.priority')} choices={['low', 'medium', 'high', 'critical'].map((value) => ({ value, label: t(`states:priority.${value}`), icon: <Priority value={value} /> }))} />
      <DateField form={form} name="due_on" label={t('work-order:field.due_on')} optional />
    </Sheet>
  )
}

function RejectSheet({ error, busy, onClose, send }: DecisionSheetProps) {
  const { t } = useTranslation('work-request')
  const form = useFields({ reason: '' })
  useRefusal(form, error)
  const submit = () => send({ command: 'reject', body: { reason: form.values.reason.trim() } })
  return (
    <Sheet title={t('reject.title')} submit={t('reject.submit')} onSubmit={submit} onClose={onClose} busy={busy} danger>
      <p>{t('reject.effect')}</p>
      <FormProblem form={form} error={error} again={submit} />
      <AreaField form={form} name="reason" label={t('work-order:reason')} rows={2} autoFocus />
    </Sheet>
  )
}

function DuplicateSheet({ request, error, busy, onClose, send }: DecisionSheetProps) {
  const { t } = useTranslation('work-request')
  const form = useFields({ of: '' })
  useRefusal(form, error)
  const submit = () => send({ command: 'duplicate', body: { of: form.values.of } })
  return (
    <Sheet title={t('duplicate.title')} submit={t('duplicate.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <p>{t('duplicate.effect')}</p>
      <FormProblem form={form} error={error} again={submit} />
      <EarlierField form={form} request={request} />
    </Sheet>
  )
}

/** Picks the request that was there first, those of the same place before others. */
function EarlierField({ form, request }: { form: Fields<{ of: string }>; request: WorkRequest }) {
  const { t } = useTranslation('work-request')
  const earlier = useQuery({
    queryKey: ['work-requests', 'earlier', request.id],
    async queryFn() {
      const near = request.asset_id ? { asset_id: [request.asset_id] } : { location_id: [request.location_id] }
      const [same, latest] = await Promise.all([
        ok(api.GET('/v1/work-requests', { params: { query: { ...near, limit: 20 } } })),
        ok(api.GET('/v1/work-requests', { params: { query: { status: ['new', 'accepted'], limit: 50 } } })),
      ])
      const seen = new Map([...(same.items ?? []), ...(latest.items ?? [])].map((one) => [one.id, one]))
      return [...seen.values()].filter((one) => one.id !== request.id && one.status !== 'duplicate')
    },
  }).data
  return (
    <Select
      {...useFieldProps({ form, name: 'of', label: t('duplicate.of') })}
      searchable
      data={(earlier ?? []).map((one) => ({ value: one.id, label: [one.number, one.title, one.asset?.code ?? one.location?.code].filter(Boolean).join(' · ') }))}
      nothingFoundMessage={t('fields:nothing_found')}
      value={form.values.of || null}
      onChange={(id) => form.set('of', id ?? '')}
    />
  )
}
