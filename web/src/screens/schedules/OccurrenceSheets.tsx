import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { AreaField, DateField, FormProblem } from '../../kit/Fields'
import { date as dateText, today as todayAt } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import type { DueDate } from './dates'
import type { Schedule } from './draft'

interface SheetProps {
  schedule: Schedule
  etag: string
  date: DueDate
  close: () => void
}

function useDay(schedule: Schedule) {
  const { locale } = usePlace()
  return (value: string) => dateText(value, locale, todayAt(schedule.time_zone), true)
}

/** Asks why one date is left out; its work order is not created. */
export function SkipSheet({ schedule, etag, date, close }: SheetProps) {
  const { t } = useTranslation('schedules')
  const day = useDay(schedule)
  const form = useFields({ reason: '' })
  const skip = useCommand(
    (body: { reason: string }, key: string) => ok(api.POST('/v1/maintenance-schedules/{id}/occurrences/{due_key}/skip', { params: { path: { id: schedule.id, due_key: date.due_key }, header: { 'Idempotency-Key': key, 'If-Match': etag } }, body })),
    { refresh: ['maintenance-schedules'], done: close },
  )
  const send = () => skip.mutate({ reason: form.values.reason.trim() }, { onError: form.refuse })
  return (
    <Sheet title={t('occurrence.skip_date', { date: day(date.due_on) })} submit={t('occurrence.skip_submit')} onSubmit={send} busy={skip.isPending} onClose={close}>
      <p>{t('occurrence.skip_help')}</p>
      <FormProblem form={form} error={skip.error} again={send} />
      <AreaField form={form} name="reason" label={t('command.reason')} autoFocus />
    </Sheet>
  )
}

/** Asks for the other day of one date; the dates after it stay where they are. */
export function MoveSheet({ schedule, etag, date, close }: SheetProps) {
  const { t } = useTranslation('schedules')
  const day = useDay(schedule)
  const form = useFields({ due_on: date.due_on, reason: '' })
  const move = useCommand(
    (body: { due_on: string; reason: string }, key: string) => ok(api.POST('/v1/maintenance-schedules/{id}/occurrences/{due_key}/move', { params: { path: { id: schedule.id, due_key: date.due_key }, header: { 'Idempotency-Key': key, 'If-Match': etag } }, body })),
    { refresh: ['maintenance-schedules'], done: close },
  )
  const send = () => move.mutate({ due_on: form.values.due_on, reason: form.values.reason.trim() }, { onError: form.refuse })
  return (
    <Sheet title={t('occurrence.move_date', { date: day(date.due_on) })} submit={t('occurrence.move_submit', { date: day(form.values.due_on) })} onSubmit={send} busy={move.isPending} onClose={close}>
      <FormProblem form={form} error={move.error} again={send} />
      <DateField form={form} name="due_on" label={t('occurrence.to')} autoFocus />
      <AreaField form={form} name="reason" label={t('command.reason')} />
    </Sheet>
  )
}
