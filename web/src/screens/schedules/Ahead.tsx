import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { date, quantity, today as todayAt } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useSheet } from '../../kit/useSheet'
import { isoWeek } from '../../kit/weeks'
import { type DueDate, previewRows, previewUntil, thresholdOf } from './dates'
import type { Schedule } from './draft'
import { MoveSheet, SkipSheet } from './OccurrenceSheets'
import { forecastQuery } from './queries'
import classes from './SchedulePage.module.css'

interface AheadProps {
  schedule: Schedule
  etag: string
}

/** The dates ahead, with what was moved, each to skip or to move. */
export function Ahead({ schedule, etag }: AheadProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const may = useMay()
  const { sheet: asked, open: setAsked, close } = useSheet<{ what: 'skip' | 'move'; date: DueDate }>()
  const today = todayAt(schedule.time_zone)
  const dates = useQuery(forecastQuery(schedule.id, previewUntil(schedule.calendar?.rrule, today)))
  if (schedule.status === 'ended') return null
  const may_ = (command: 'skip' | 'move') => may('maintenance_schedules.command') && (schedule.allowed_commands ?? []).includes(command)
  // What is open since before today stands first: somebody has to decide about it.
  const rows = dates.data && previewRows(dates.data, undefined, { from: dates.data[0]?.due_on ?? today, zone: schedule.time_zone, lead: schedule.lead_days })
  const day = (value: string) => date(value, locale, today, true)
  return (
    <section className={classes.panel}>
      <h2>{t('preview.title')}</h2>
      {dates.error ? <Failed error={dates.error} retry={() => void dates.refetch()} /> : null}
      {!rows && !dates.error ? <Loading rows={6} /> : null}
      {rows?.length === 0 ? <p className={classes.empty}>{schedule.meter ? t('page.by_meter') : t('preview.none')}</p> : null}
      {rows && rows.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('preview.due')}</th>
              <th className={classes.wide}>{t('preview.week')}</th>
              <th className={classes.wide}>{t('preview.created')}</th>
              <th className={classes.wide} aria-label={t('preview.note')} />
              <th aria-label={t('page.commands')} />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.due_key}>
                <td className={classes.due}>{day(row.due_on)}</td>
                <td className={`${classes.quiet} ${classes.wide}`}>{t('preview.week_of', { week: isoWeek(row.due_on) })}</td>
                <td className={`${classes.quiet} ${classes.wide}`}>{day(row.created)}</td>
                <td className={`${classes.quiet} ${classes.wide}`}>
                  {thresholdOf(row.due_key) ? t('preview.at_about', { value: quantity(thresholdOf(row.due_key), locale, 0) }) : row.due_key !== row.due_on && /^\d{4}-/.test(row.due_key) ? t('page.moved_from', { date: day(row.due_key) }) : row.clock ? t(`preview.${row.clock.to}`, { offset: row.clock.offset }) : null}
                </td>
                <td>
                  <span className={classes.commands}>
                    {(['move', 'skip'] as const).filter(may_).map((what) => (
                      <Button key={what} size="compact-sm" variant="subtle" aria-label={t(`occurrence.${what}_date`, { date: day(row.due_on) })} onClick={() => setAsked({ what, date: row })}>
                        {t(`occurrence.${what}`)}
                      </Button>
                    ))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {asked?.what === 'skip' ? <SkipSheet schedule={schedule} etag={etag} date={asked.date} close={close} /> : null}
      {asked?.what === 'move' ? <MoveSheet schedule={schedule} etag={etag} date={asked.date} close={close} /> : null}
    </section>
  )
}
