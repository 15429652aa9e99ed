import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { DecimalField, FormProblem, SelectField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { instant, quantity } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { MomentField } from './MomentField'
import { instantOf, localOf } from './moments'
import { type Asset, type Meter, readingsQuery } from './queries'
import classes from './ReadingSheet.module.css'
import { doubt } from './trend'

interface ReadingSheetProps {
  asset: Pick<Asset, 'code' | 'site_id'>
  meters: Meter[]
  /** The meter to begin with. */
  meterId?: string
  onClose: () => void
}

/** Takes what a meter shows. A figure that cannot be right is asked back once, before it is sent. */
export function ReadingSheet({ asset, meters, meterId, onClose }: ReadingSheetProps) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const now = localOf(new Date(), zone)
  const form = useFields({ meter: meterId ?? meters[0]?.id ?? '', value: '', read_at: now })
  const meter = meters.find((each) => each.id === form.values.meter)
  const readings = useQuery({ ...readingsQuery(form.values.meter), enabled: meter !== undefined }).data ?? []
  const [sure, setSure] = useState('')
  const enter = useCommand(
    ({ id, body }: { id: string; body: Schemas['MeterReadingBody'] }, key: string) => ok(api.POST('/v1/meters/{id}/readings', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['meters', 'maintenance-schedules'], done: onClose },
  )
  const points = readings.map((reading) => ({ at: Date.parse(reading.read_at), value: Number(reading.value) }))
  const value = decimalOf(form.values.value)
  const readAt = instantOf(form.values.read_at, zone)
  const doubtful = meter && value && readAt ? doubt(meter.kind, points, Number(value), Date.parse(readAt), meter.rollover_at ? Number(meter.rollover_at) : undefined) : undefined
  const asks = doubtful !== undefined && sure === value

  function send() {
    if (!meter) return
    if (doubtful && sure !== value) {
      setSure(value)
      return
    }
    enter.mutate({ id: meter.id, body: { value, read_at: readAt ?? '' } }, { onError: (error) => void form.refuse(error) })
  }

  return (
    <Sheet title={t('reading.title', { code: asset.code })} onClose={onClose} submit={t(asks ? 'reading.anyway' : 'enter_reading')} onSubmit={send} busy={enter.isPending}>
      <FormProblem form={form} error={enter.error} again={send} />
      {meters.length > 1 ? <SelectField form={form} name="meter" label={t('reading.meter')} choices={meters.map(({ id, name }) => ({ value: id, label: name }))} /> : null}
      <DecimalField
        form={form}
        name="value"
        label={meters.length > 1 ? t('reading.value') : (meter?.name ?? '')}
        unit={meter?.unit ?? ''}
        width={240}
        autoFocus
        help={meter?.last_read_at ? t('reading.last', { figure: `${quantity(meter.last_value, locale)} ${meter.unit}`, time: instant(meter.last_read_at, locale, zone) }) : undefined}
      />
      <MomentField form={form} name="read_at" label={t('meter.time')} max={now} />
      {asks ? (
        <p className={classes.doubt} role="alert">
          {t(`doubt.${doubtful}`)}
        </p>
      ) : null}
    </Sheet>
  )
}
