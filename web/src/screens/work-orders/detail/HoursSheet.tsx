import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { useMay, useMe, usePlace } from '../../../api/me'
import { ChoiceField, DateField, DecimalField, FormProblem } from '../../../kit/Fields'
import { decimalOf } from '../../../kit/faults'
import { quantity, today } from '../../../kit/figures'
import { type Person, PeopleField } from '../../../kit/PeopleField'
import { Sheet } from '../../../kit/Sheet'
import { Suggestions } from '../../../kit/Suggestions'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useRefusal } from './CommandSheet'
import { useTimer } from './Hours'
import { assetQuery, type WorkOrder } from './order'
import { sum } from './sums'
import { quarterHours } from './timer'

/** Records hours. What the timer shows less what the person has recorded already stands in the field. */
export function HoursSheet({ order, entries, onClose }: { order: WorkOrder; entries: Schemas['LaborEntry'][]; onClose: () => void }) {
  const { t } = useTranslation('work-order')
  const me = useMe()
  const may = useMay()
  const asset = useQuery({ ...assetQuery(order.asset_id), enabled: Boolean(order.asset_id) && may('assets.read') }).data
  const { locale, zone } = usePlace(asset?.site_id)
  const timer = useTimer(order)
  const mine = Number(sum(entries.filter((entry) => entry.user_id === me.id).map((entry) => entry.hours)))
  const left = timer === undefined ? 0 : timer - mine * 3600
  const proposed = left > 450 && left < 16 * 3600 ? quarterHours(left) : ''
  const form = useFields({ hours: proposed, worked_on: today(zone), kind: 'regular', user_id: [{ id: me.id, name: me.name }] as Person[] })
  const send = useCommand(
    (body: Schemas['RecordLaborBody'], key) => ok(api.POST('/v1/work-orders/{id}/labor', { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['work-orders', 'assets'], done: onClose },
  )
  useRefusal(form, send.error)
  const person = form.values.user_id.at(-1)
  const submit = () => {
    send.mutate({
      hours: decimalOf(form.values.hours),
      worked_on: form.values.worked_on,
      kind: form.values.kind as Schemas['RecordLaborBody']['kind'],
      user_id: person && person.id !== me.id ? person.id : undefined,
    })
  }
  const typed = decimalOf(form.values.hours)
  return (
    <Sheet title={t('labor.title')} submit={typed ? t('labor.submit_hours', { hours: quantity(typed, locale) }) : t('labor.submit')} onSubmit={submit} onClose={onClose} busy={send.isPending}>
      <FormProblem form={form} error={send.error} again={submit} />
      <DecimalField form={form} name="hours" label={t('labor.hours')} unit={t('unit.hours')} autoFocus help={proposed ? t('labor.from_timer') : undefined} />
      <Suggestions label={t('labor.often')} texts={['0.25', '0.5', '1', '2', '4', '8'].map((hours) => quantity(hours, locale))} pick={(hours) => form.set('hours', hours)} />
      <DateField form={form} name="worked_on" label={t('labor.day')} />
      <ChoiceField form={form} name="kind" label={t('labor.kind')} choices={['regular', 'overtime', 'travel'].map((value) => ({ value, label: t(`labor.${value}`) }))} />
      {may('work_orders.plan') ? <PeopleField form={form} name="user_id" label={t('labor.person')} /> : null}
    </Sheet>
  )
}
