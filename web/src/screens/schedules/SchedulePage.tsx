import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { FactRows } from '../../kit/FactRows'
import { addDays, date, money, quantity, today as todayAt } from '../../kit/figures'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Priority, State } from '../../kit/State'
import { Ahead } from './Ahead'
import { decimal, type Schedule } from './draft'
import { Ledger } from './Ledger'
import { forecastQuery, jobPlansQuery, metersQuery, scheduleQuery } from './queries'
import { ScheduleCommands } from './ScheduleCommands'
import classes from './SchedulePage.module.css'
import { useRule } from './useRule'
import { YearStrip } from './YearStrip'

const route = getRouteApi('/shell/schedules/$scheduleId')

/** One schedule: what it says, what is ahead, and what became of every date so far. */
export function SchedulePage() {
  const { t } = useTranslation('schedules')
  const { scheduleId } = route.useParams()
  const read = useQuery(scheduleQuery(scheduleId))
  usePageName(read.data?.data.title ?? '')
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  const { data: schedule, etag } = read.data
  return (
    <div className={classes.screen}>
      <header className={classes.titles}>
        <h1>{schedule.title}</h1>
        <State noun="schedule" state={schedule.status} />
        <span className={classes.number}>
          <RecordNumber value={schedule.number} />
        </span>
        <span className={classes.revision}>{t('editor.revision', { number: schedule.revision })}</span>
        <span className={classes.space} />
        <ScheduleCommands schedule={schedule} etag={etag ?? ''} />
      </header>
      <div className={classes.body}>
        <div className={classes.column}>
          <Next schedule={schedule} />
          <Ahead schedule={schedule} etag={etag ?? ''} />
          <Ledger schedule={schedule} />
        </div>
        <aside className={classes.column} aria-label={t('page.facts')}>
          <Facts schedule={schedule} />
          <Year schedule={schedule} />
        </aside>
      </div>
    </div>
  )
}

/** What happens next, by itself, in a sentence. */
function Next({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const today = todayAt(schedule.time_zone)
  const day = (value: string) => date(value, locale, today, true)
  const { status, next_due_on, lead_days, paused_until, pause_reason, end_reason, next_meter_value, generate_at } = schedule
  const words = () => {
    if (status === 'ended') return end_reason ? t('next.ended_because', { reason: end_reason }) : t('next.ended')
    if (status === 'paused') return t(paused_until ? 'next.paused_until' : 'next.paused', { date: paused_until ? day(paused_until) : '' }) + (pause_reason ? ` ${t('next.because', { reason: pause_reason })}` : '')
    if (next_due_on && generate_at) return t('next.creates', { created: day(addDays(next_due_on, -lead_days)), due: day(next_due_on) })
    if (next_due_on) return t('next.due', { due: day(next_due_on) })
    return next_meter_value ? t('next.meter', { value: quantity(next_meter_value, locale, 1) }) : t('next.nothing')
  }
  return (
    <section className={classes.next}>
      <h2>{t('next.title')}</h2>
      <p>{words()}</p>
    </section>
  )
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const may = useMay()
  const rule = useRule()
  const today = todayAt(schedule.time_zone)
  const meters = useQuery({ ...metersQuery(schedule.asset?.id ?? ''), enabled: Boolean(schedule.meter && schedule.asset) })
  const plans = useQuery({ ...jobPlansQuery, enabled: Boolean(schedule.job_plan_id) && may('job_plans.read') })
  const meter = meters.data?.find(({ id }) => id === schedule.meter?.meter_id)
  const plan = plans.data?.find(({ id }) => id === schedule.job_plan_id)
  const { asset, location } = schedule
  const facts: [string, React.ReactNode][] = [
    [t('list.place'), asset ? <Link to="/assets/$assetId" params={{ assetId: asset.id }}><Code>{asset.code}</Code> {asset.name}</Link> : <><Code>{location.code}</Code> {location.name}</>],
    [t('list.location'), asset ? location.name : undefined],
    [t('editor.when'), rule(schedule, meter)],
    [t('when.first'), date(schedule.calendar?.starts_on, locale, today, true)],
    [t('page.late'), schedule.shift_factor === 0 ? t('page.late_fixed') : schedule.shift_factor === 100 ? t('page.late_floating') : t('page.late_part', { percent: schedule.shift_factor })],
    [t('editor.lead'), t('page.lead', { count: schedule.lead_days })],
    [t('editor.tolerance'), t('page.tolerance', { percent: schedule.tolerance_pct })],
    [t('editor.missed'), t(`editor.missed_${schedule.catch_up as 'one' | 'all' | 'skip'}`)],
    [t('editor.last_done'), date(schedule.last_completed_on, locale, today, true)],
    [t('editor.priority'), <Priority key="priority" value={schedule.priority} word />],
    [t('editor.job_plan'), plan?.name],
    [t('editor.hours'), schedule.planned_hours ? t('load.hours', { hours: quantity(schedule.planned_hours, locale, 2) }) : undefined],
    [t('editor.cost'), money(schedule.estimated_cost, locale)],
    [t('page.zone'), schedule.time_zone],
  ]
  return (
    <section className={classes.panel}>
      <h2>{t('page.facts')}</h2>
      <FactRows className={classes.facts} facts={facts} />
      {schedule.process?.url ? (
        <a className={classes.process} href={schedule.process.url} target="_blank" rel="noreferrer">
          {t('page.process')}
        </a>
      ) : null}
    </section>
  )
}

function Year({ schedule }: { schedule: Schedule }) {
  const today = todayAt(schedule.time_zone)
  const dates = useQuery(forecastQuery(schedule.id, addDays(today, 372))).data
  return dates && dates.length > 0 && schedule.status !== 'ended' ? <YearStrip dates={dates} from={today} hours={decimal(schedule.planned_hours ?? '')} /> : null
}
