import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { quantity } from '../../kit/figures'
import type { Draft } from './draft'
import { metersQuery } from './queries'
import classes from './When.module.css'

interface MeterProps {
  draft: Draft
  meter: NonNullable<Draft['meter']>
  change: (draft: Draft) => void
}

/** «or every [500] [h of Running hours]», with what the meter shows now. */
export function MeterSentence({ draft, meter, change }: MeterProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const asset = draft.place?.kind === 'asset' ? draft.place.id : undefined
  const meters = useQuery({ ...metersQuery(asset ?? ''), enabled: asset !== undefined })
  const all = meters.data ?? []
  const [first] = all
  const chosen = all.find(({ id }) => id === meter.id)
  const set = (part: Partial<NonNullable<Draft['meter']>>) => change({ ...draft, meter: { ...meter, ...part } })
  // The first meter stands for the question that most assets do not have: which one.
  useEffect(() => {
    if (!meter.id && first) set({ id: first.id })
  }, [meter.id, first])

  return (
    <div className={classes.row}>
      {draft.calendar ? <span className={classes.or}>{t('when.or')}</span> : null}
      <span className={classes.words}>{t(draft.calendar ? 'when.or_every' : 'when.every.month')}</span>
      <TextInput aria-label={t('when.meter_every')} data-field="every" inputMode="decimal" w={76} value={meter.every} onChange={(event) => set({ every: event.currentTarget.value })} />
      {all.length > 0 ? (
        <NativeSelect aria-label={t('when.meter')} data-field="meter" value={meter.id} onChange={(event) => set({ id: event.currentTarget.value, last: undefined })} data={all.map(({ id, name, unit }) => ({ value: id, label: t('when.meter_of', { unit, name }) }))} />
      ) : null}
      <span className={classes.now}>
        {!asset ? t('when.asset_first') : null}
        {asset && meters.data && all.length === 0 ? t('when.no_meters') : null}
        {chosen ? (chosen.last_total ? t('when.meter_now', { value: `${quantity(chosen.last_total, locale, 1)} ${chosen.unit}` }) : t('when.meter_unread')) : null}
      </span>
      <ActionIcon className={classes.remove} aria-label={t('when.remove_meter')} onClick={() => change({ ...draft, meter: null })}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
    </div>
  )
}
