import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCalendarEvent, IconClock, IconGauge, IconInfoCircle, IconReplace } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import { usePlace } from '../../api/me'
import { date, quantity } from '../../kit/figures'
import { Loading } from '../../kit/ScreenStates'
import { isoWeek } from '../../kit/weeks'
import { previewRows, thresholdOf } from './dates'
import { decimal, type Draft } from './draft'
import classes from './Preview.module.css'
import { metersQuery } from './queries'
import type { PreviewState } from './usePreview'
import { YearStrip } from './YearStrip'

interface PreviewProps {
  draft: Draft
  preview: PreviewState
  /** Today at the site. */
  from: string
  zone: string
  changed: number
}

/** What the rule comes to: the next dates beside the saved ones, and the load over the year. */
export function Preview({ draft, preview, from, zone, changed }: PreviewProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const lead = Math.max(0, Number(decimal(draft.lead)) || 0)
  const rows = preview.dates && previewRows(preview.dates, preview.saved, { from, zone, lead })
  const passed = preview.saved ? 0 : (preview.dates ?? []).filter(({ due_on }) => due_on < from).length
  const meters = useQuery({ ...metersQuery(draft.place?.id ?? ''), enabled: draft.meter !== null && draft.place?.kind === 'asset' })
  const unit = meters.data?.find(({ id }) => id === draft.meter?.id)?.unit ?? ''
  // The year stands where it is another than in the line above, or than the date beside it.
  const day = (value: string, near: string) => date(value, locale, near, true)
  return (
    <section className={classes.pane} aria-label={t('preview.title')}>
      <div className={classes.panel} aria-busy={preview.waiting || undefined}>
        <div className={classes.head}>
          <h2>{t('preview.title')}</h2>
          <span className={classes.zone}>{t('preview.zone', { zone })}</span>
          <span className={classes.space} />
          {changed > 0 ? (
            <span className={classes.differ} role="status">
              <IconReplace size={14} stroke={1.75} />
              {t('preview.differ', { count: changed })}
            </span>
          ) : null}
        </div>
        {preview.error ? (
          <div className={classes.note} role="alert">
            <IconAlertTriangle size={16} stroke={1.75} />
            <span>
              <b>{t('preview.refused')}</b> {preview.error instanceof Problem && preview.error.body.errors?.length ? preview.error.body.errors.map(({ detail }) => detail).join(' ') : preview.error.message}
            </span>
            <Button onClick={preview.retry}>{t('common:again')}</Button>
          </div>
        ) : !rows && preview.waiting && draft.place ? (
          <Loading rows={10} />
        ) : !rows ? (
          <p className={classes.empty}>{t('preview.waits')}</p>
        ) : rows.length === 0 && draft.calendar ? (
          <p className={classes.empty}>{t('preview.none')}</p>
        ) : rows.length > 0 ? (
          <table className={classes.table}>
            <thead>
              <tr>
                <th aria-label={t('preview.number')} />
                <th>{t('preview.due')}</th>
                <th>{t('preview.week')}</th>
                <th className={classes.because}>{t('preview.because')}</th>
                <th className={classes.hint} aria-label={t('preview.note')} />
                <th className={classes.right}>{t('preview.created')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={row.due_key}>
                  <td className={classes.number}>{at + 1}</td>
                  <td className={classes.due}>
                    {day(row.due_on, rows[at - 1]?.due_on ?? from)}
                    {row.was ? (
                      <s>
                        <span className="ms-hidden">{t('preview.was', { date: '' })}</span>
                        {day(row.was, row.due_on)}
                      </s>
                    ) : null}
                  </td>
                  <td className={classes.week}>{t('preview.week_of', { week: isoWeek(row.due_on) })}</td>
                  <td className={classes.because}>
                    {thresholdOf(row.due_key) ? (
                      <span className={classes.meter}>
                        <IconGauge size={14} stroke={1.75} />
                        {t('preview.by_meter')}
                      </span>
                    ) : (
                      <span className={classes.date}>
                        <IconCalendarEvent size={14} stroke={1.75} />
                        {t('preview.by_date')}
                      </span>
                    )}
                  </td>
                  <td className={classes.hint}>
                    {thresholdOf(row.due_key) ? (
                      t('preview.at_about', { value: `${quantity(thresholdOf(row.due_key), locale, 0)} ${unit}`.trim() })
                    ) : row.clock ? (
                      <span className={classes.clock}>
                        <IconClock size={14} stroke={1.75} />
                        {t(`preview.${row.clock.to}`, { offset: row.clock.offset })}
                      </span>
                    ) : null}
                  </td>
                  <td className={classes.right}>{day(row.created, row.due_on)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {rows?.some(({ estimated }) => estimated) ? (
          <p className={classes.foot}>
            <IconInfoCircle size={16} stroke={1.75} />
            {t('preview.estimates')}
          </p>
        ) : draft.meter ? (
          <MeterNote draft={draft} />
        ) : null}
        {passed > 0 && draft.calendar ? (
          <p className={classes.foot}>
            <IconInfoCircle size={16} stroke={1.75} />
            {t(`preview.passed_${draft.catchUp}`, { count: passed })}
          </p>
        ) : null}
      </div>
      {preview.dates && preview.dates.length > 0 ? <YearStrip dates={preview.dates} from={from} hours={decimal(draft.hours)} /> : null}
    </section>
  )
}

/** At which figure of the meter the next one is due: the day follows from readings, so none is invented here. */
function MeterNote({ draft }: { draft: Draft }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const { meter, place } = draft
  const meters = useQuery({ ...metersQuery(place?.id ?? ''), enabled: place?.kind === 'asset' })
  const chosen = meters.data?.find(({ id }) => id === meter?.id)
  const every = Number(decimal(meter?.every ?? ''))
  const last = meter?.last ?? chosen?.last_total
  if (!chosen || last == null || !(every > 0)) return null
  const value = `${quantity(Number(last) + every, locale, 1)} ${chosen.unit}`
  return (
    <p className={classes.foot}>
      <IconGauge size={16} stroke={1.75} />
      {t(draft.calendar ? 'preview.meter' : 'preview.meter_only', { value, meter: chosen.name })}
    </p>
  )
}
