import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { date, daysBetween, quantity, today } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { Panel } from '../../kit/Panel'
import { type Asset, metersQuery, type Schedule, schedulesQuery } from './queries'
import classes from './Rows.module.css'

/** The schedules of an asset, the next one due first, those that rest last. */
export function ScheduleRows({ asset, title, limit = 5 }: { asset: Asset; title: string; limit?: number }) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const { locale, zone } = usePlace(asset.site_id)
  const found = useQuery(schedulesQuery(asset.id))
  const now = today(zone)
  const all = found.data?.items ?? []
  const meters = useQuery({ ...metersQuery(asset.id), enabled: may('meters.read') && all.some((schedule) => schedule.meter) }).data ?? []

  function waitOf(schedule: Schedule): string {
    const meter = meters.find((each) => each.id === schedule.meter?.meter_id)
    const left = Number(schedule.next_meter_value) - Number(meter?.last_total ?? meter?.last_value)
    if (meter && left > 0) return t('in_amount', { figure: `${quantity(left, locale, 0)} ${meter.unit}` })
    if (!schedule.next_due_on) return ''
    const days = daysBetween(now, schedule.next_due_on)
    return days < 0 ? t('late_days', { count: -days }) : t('in_days', { count: days })
  }

  const rows = all.toSorted((a, b) => dueKey(a).localeCompare(dueKey(b))).slice(0, limit)
  return (
    <Panel
      flush
      title={title}
      note={all.length > 0 ? quantity(all.length, locale) : null}
      action={
        may('maintenance_schedules.write') && !asset.archived_at ? (
          <Go href={`/schedules/new?asset_id=${asset.id}`} className={classes.all}>
            {t(all.length > 0 ? 'schedules.another' : 'schedules.first')}
          </Go>
        ) : null
      }
    >
      {found.isPending ? <Loading rows={3} /> : null}
      {found.isError ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data && all.length === 0 ? <Note title={t('schedules.none')}>{t('schedules.none_help')}</Note> : null}
      <ul className={classes.rows}>
        {rows.map((schedule) => (
          <li key={schedule.id}>
            <Go href={`/schedules/${schedule.id}`} className={classes.row}>
              <StateGlyph noun="schedule" state={schedule.status} />
              <span className={classes.title}>{schedule.title}</span>
              {schedule.status === 'active' ? (
                <>
                  <span className={classes.when}>{waitOf(schedule)}</span>
                  <span className={classes.figure}>{date(schedule.next_due_on, locale, now, true)}</span>
                </>
              ) : (
                <span className={classes.rests}>{t(`schedules.${schedule.status}`)}</span>
              )}
            </Go>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const dueKey = (schedule: Schedule): string => (schedule.status === 'active' ? '0' : '1') + (schedule.next_due_on ?? '9')
