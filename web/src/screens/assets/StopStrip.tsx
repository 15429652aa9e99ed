import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Place, usePlace } from '../../api/me'
import { date, duration, quantity, today } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import classes from './StopStrip.module.css'
import { type Asset, downtimesQuery } from './queries'
import { type StopDay, stopStrip } from './stops'

const span = 90

/** The last 90 days of an asset, a mark a day: ran, stood as planned, stood by itself. */
export function StopStrip({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets')
  const place = usePlace(asset.site_id)
  const { data } = useQuery(downtimesQuery(asset.id))
  if (!data) return null
  const strip = stopStrip(data, place.zone, span)
  // An asset of which nobody records stops is not «100 % available».
  const available = strip.planned + strip.unplanned > 0 ? t('stops.available', { figure: quantity(strip.available * 100, place.locale, 1) }) : t('stops.none')
  const now = today(place.zone)
  return (
    <Panel title={t('stops.title', { count: span })} note={available} legend={<Legend planned={strip.planned} unplanned={strip.unplanned} />}>
      <div className={classes.strip} role="img" aria-label={available}>
        {strip.days.map((day) => (
          <Tooltip key={day.date} label={told(day, place, now, t)} openDelay={0}>
            <span className={classes.day} data-ran={day.planned + day.unplanned === 0 || undefined}>
              <Part kind="planned" seconds={day.planned} of={day.length} />
              <Part kind="unplanned" seconds={day.unplanned} of={day.length} />
            </span>
          </Tooltip>
        ))}
      </div>
      <div className={classes.ends}>
        <span>{date(strip.days[0]?.date, place.locale, now)}</span>
        <span>{date(strip.days.at(-1)?.date, place.locale, now)}</span>
      </div>
    </Panel>
  )
}

function Part({ kind, seconds, of }: { kind: 'planned' | 'unplanned'; seconds: number; of: number }) {
  if (seconds === 0) return null
  // A stop of minutes is still seen.
  return <span className={classes.part} data-kind={kind} style={{ height: `${Math.max(20, Math.min(100, (seconds / of) * 100))}%` }} />
}

function told(day: StopDay, { locale }: Place, now: string, t: (key: string, values?: Record<string, string>) => string): string {
  const words = [day.unplanned > 0 ? t('stops.unplanned', { time: duration(day.unplanned) }) : '', day.planned > 0 ? t('stops.planned', { time: duration(day.planned) }) : ''].filter(Boolean)
  return `${date(day.date, locale, now, true)}: ${words.length > 0 ? words.join(', ') : t('stops.ran')}`
}

function Legend({ planned, unplanned }: { planned: number; unplanned: number }) {
  const { t } = useTranslation('assets')
  return (
    <>
      <Key kind="ran">{t('stops.ran')}</Key>
      {planned > 0 ? <Key kind="planned">{t('stops.planned', { time: duration(planned) })}</Key> : null}
      {unplanned > 0 ? <Key kind="unplanned">{t('stops.unplanned', { time: duration(unplanned) })}</Key> : null}
    </>
  )
}

function Key({ kind, children }: { kind: 'ran' | 'planned' | 'unplanned'; children: string }) {
  return (
    <span className={classes.key}>
      <span className={classes.mark} data-kind={kind} />
      {children}
    </span>
  )
}
