import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { AreaField, ChoiceField, FormProblem } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { MomentField } from './MomentField'
import { instantOf, localOf } from './moments'
import type { Asset, Downtime } from './queries'

/** Records that an asset stands or stood; without an end it stands until it is said to run again. */
export function StopSheet({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { t } = useTranslation('assets')
  const { zone } = usePlace(asset.site_id)
  const now = localOf(new Date(), zone)
  const form = useFields({ kind: 'unplanned', started_at: now, ended_at: '', reason: '' })
  const record = useCommand(
    (body: Schemas['DowntimeBody'], key: string) => ok(api.POST('/v1/assets/{id}/downtimes', { params: { path: { id: asset.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['assets'], done: onClose },
  )
  const send = () => {
    const { kind, started_at, ended_at, reason } = form.values
    const body = { kind: kind as 'planned' | 'unplanned', started_at: instantOf(started_at, zone) ?? '', ended_at: instantOf(ended_at, zone), reason: reason || undefined }
    record.mutate(body, { onError: (error) => void form.refuse(error) })
  }
  return (
    <Sheet title={t('stop.title', { code: asset.code })} onClose={onClose} submit={t('stop.record')} onSubmit={send} busy={record.isPending}>
      <FormProblem form={form} error={record.error} again={send} />
      <ChoiceField form={form} name="kind" label={t('stop.kind')} choices={(['unplanned', 'planned'] as const).map((value) => ({ value, label: t(`stop.${value}`) }))} />
      <MomentField form={form} name="started_at" label={t('stop.from')} max={now} />
      <MomentField form={form} name="ended_at" label={t('stop.until')} optional help={t('stop.until_help')} />
      <AreaField form={form} name="reason" label={t('reason')} optional rows={2} />
    </Sheet>
  )
}

/** Says when a stop was over. */
export function EndStopSheet({ asset, stop, onClose }: { asset: Asset; stop: Downtime; onClose: () => void }) {
  const { t } = useTranslation('assets')
  const { zone } = usePlace(asset.site_id)
  const now = localOf(new Date(), zone)
  const form = useFields({ ended_at: now })
  const end = useCommand(
    (body: Schemas['EndDowntimeBody'], key: string) => ok(api.POST('/v1/downtimes/{id}/end', { params: { path: { id: stop.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['assets'], done: onClose },
  )
  const send = () => end.mutate({ ended_at: instantOf(form.values.ended_at, zone) ?? '' }, { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('stop.end_title', { code: asset.code })} onClose={onClose} submit={t('stop.end')} onSubmit={send} busy={end.isPending}>
      <FormProblem form={form} error={end.error} again={send} />
      <MomentField form={form} name="ended_at" label={t('stop.until')} max={now} />
    </Sheet>
  )
}
