import { Button } from '@mantine/core'
import { IconGauge, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { ChoiceField, DecimalField, FormProblem, TextField } from '../../../kit/Fields'
import { instant, quantity } from '../../../kit/figures'
import { Panel } from '../../../kit/Panel'
import { Failed, Loading, Note } from '../../../kit/ScreenStates'
import { Sheet } from '../../../kit/Sheet'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useSheet } from '../../../kit/useSheet'
import type { TabProps } from '../AssetPage'
import { MeterChart } from '../MeterChart'
import { type Asset, type Meter, metersQuery, readingsQuery } from '../queries'
import { ReadingSheet } from '../ReadingSheet'
import rows from '../Rows.module.css'
import classes from './Tabs.module.css'

/** The meters of an asset, each with its line over a year and its last readings. */
export function Meters({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const meters = useQuery(metersQuery(asset.id))
  const { sheet, open: setSheet, close } = useSheet<{ reading?: string; add?: true }>()
  const mayAdd = may('meters.write') && !asset.archived_at
  const add = mayAdd ? (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setSheet({ add: true })}>
      {t('meters.add')}
    </Button>
  ) : null
  if (meters.isPending) return <Loading />
  if (meters.isError) return <Failed error={meters.error} retry={() => void meters.refetch()} />
  return (
    <div className={classes.stack}>
      {meters.data.length === 0 ? (
        <Note icon={<IconGauge size={16} stroke={1.75} />} title={t('meters.none')} actions={add}>
          {t('meters.none_help')}
        </Note>
      ) : (
        <div className={classes.commands}>{add}</div>
      )}
      {meters.data.map((meter) => (
        <div key={meter.id} className={classes.pair}>
          <MeterChart asset={asset} meter={meter} />
          <Readings asset={asset} meter={meter} onEnter={may('meter_readings.write') && !asset.archived_at ? () => setSheet({ reading: meter.id }) : undefined} />
        </div>
      ))}
      {sheet?.reading ? <ReadingSheet asset={asset} meters={meters.data.filter((meter) => meter.id === sheet.reading)} onClose={close} /> : null}
      {sheet?.add ? <MeterSheet asset={asset} onClose={close} /> : null}
    </div>
  )
}

const shown = 7

function Readings({ asset, meter, onEnter }: { asset: Asset; meter: Meter; onEnter?: () => void }) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const readings = useQuery(readingsQuery(meter.id))
  const last = readings.data?.slice(-shown).toReversed() ?? []
  return (
    <Panel flush title={t('readings.of')} action={onEnter ? <Button onClick={onEnter}>{t('enter_reading')}</Button> : null}>
      {readings.isPending ? <Loading rows={shown} /> : null}
      {readings.isError ? <Failed error={readings.error} retry={() => void readings.refetch()} /> : null}
      {readings.data?.length === 0 ? <Note title={t('readings.none')}>{t('readings.none_help')}</Note> : null}
      <ul className={rows.rows}>
        {last.map((reading) => (
          <li key={reading.id} className={rows.row}>
            <span className={rows.title}>{instant(reading.read_at, locale, zone)}</span>
            <span className={rows.figure}>{`${quantity(reading.value, locale)} ${meter.unit}`}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** A new meter of an asset. */
function MeterSheet({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { t } = useTranslation('assets')
  const form = useFields({ name: '', unit: 'h', kind: 'continuous', rollover_at: '' })
  const add = useCommand((body: Schemas['MeterBody'], key: string) => ok(api.POST('/v1/assets/{id}/meters', { params: { path: { id: asset.id }, header: { 'Idempotency-Key': key } }, body })), { refresh: ['meters'], done: onClose })
  const send = () => {
    const { name, unit, kind, rollover_at } = form.values
    add.mutate({ name, unit, kind: kind as 'continuous' | 'gauge', rollover_at: kind === 'continuous' && rollover_at ? rollover_at : undefined }, { onError: (error) => void form.refuse(error) })
  }
  return (
    <Sheet title={t('meters.add_to', { code: asset.code })} onClose={onClose} submit={t('meters.add')} onSubmit={send} busy={add.isPending}>
      <FormProblem form={form} error={add.error} again={send} />
      <TextField form={form} name="name" label={t('list.name')} autoFocus maxLength={200} />
      <ChoiceField form={form} name="kind" label={t('meters.kind')} choices={(['continuous', 'gauge'] as const).map((value) => ({ value, label: t(`meters.${value}`) }))} />
      <TextField form={form} name="unit" label={t('meters.unit')} maxLength={40} />
      {form.values.kind === 'continuous' ? <DecimalField form={form} name="rollover_at" label={t('meters.rollover')} unit={form.values.unit} optional help={t('meters.rollover_help')} /> : null}
    </Sheet>
  )
}
