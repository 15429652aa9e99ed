import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/dashboard'
import { usePlace, useSite } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { dayOf, duration, quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { useNow } from '../../kit/useNow'
import classes from './Plant.module.css'

type Down = NonNullable<Dashboard['down']>[number]

// Two lines each, beside the six rows that need the reader.
const shown = 2

/** Assets that stand still, the longest first, with the order that brings them back. */
export function DownNow({ down, assets }: { down: Down[]; assets: NonNullable<Dashboard['assets']> }) {
  const { t } = useTranslation('home')
  const { locale } = usePlace()
  const note = assets.total ? t('down_of', { down: quantity(assets.down, locale), total: quantity(assets.total, locale) }) : quantity(assets.down, locale)
  return (
    <Panel title={t('down')} note={note} action={assets.down > shown ? <Link to={'/assets' as string} search={{ operating_state: 'down' } as never}>{t('down_all', { figure: quantity(assets.down, locale) })}</Link> : null} flush>
      {down.length === 0 ? <Note title={t('down_none')} /> : null}
      <ul className={classes.rows}>
        {down.slice(0, shown).map((each) => (
          <DownRow key={each.asset.id} down={each} />
        ))}
      </ul>
    </Panel>
  )
}

function DownRow({ down }: { down: Down }) {
  const now = useNow(30_000)
  return (
    <li>
      <Go href={`/assets/${down.asset.id}`} className={classes.down}>
        <span className={classes.line}>
          <span className={classes.name}>
            <Code>{down.asset.code}</Code> {down.asset.name}
          </span>
          {down.since ? <b className={classes.since}>{duration((now - Date.parse(down.since)) / 1000)}</b> : null}
        </span>
        <span className={classes.line}>
          <span className={classes.why}>
            {down.status ? <StateGlyph noun="work_order" state={down.status} /> : null}
            <span className={classes.name}>{down.work_order?.name ?? down.reason}</span>
          </span>
          {down.work_order?.number ? <RecordNumber value={down.work_order.number} /> : null}
        </span>
      </Go>
    </li>
  )
}

/** Maintenance that becomes due within a week. */
export function ComingUp({ coming }: { coming: NonNullable<Dashboard['coming_up']> }) {
  const { t } = useTranslation('home')
  const { locale } = usePlace(useSite()?.id)
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', day: 'numeric' })
  return (
    <Panel title={t('coming')} action={<Link to={'/schedules' as string}>{t('schedules')}</Link>} flush>
      {coming.length === 0 ? <Note title={t('coming_none')} /> : null}
      <ul className={classes.rows}>
        {coming.slice(0, 3).map((each) => (
          <li key={each.maintenance_schedule.id + each.due_on}>
            <Go href={`/schedules/${each.maintenance_schedule.id}`} className={classes.coming}>
              <span className={classes.day}>{day.format(dayOf(each.due_on))}</span>
              <span className={classes.name}>{each.maintenance_schedule.name}</span>
              {each.planned_hours ? <span className={classes.hours}>{t('hours_of', { hours: quantity(each.planned_hours, locale, 1) })}</span> : null}
            </Go>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
