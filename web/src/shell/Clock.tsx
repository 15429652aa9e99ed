import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace, useSite } from '../api/me'
import { date, today } from '../kit/figures'
import classes from './Clock.module.css'

/** The site's clock: all due dates are in its zone. It turns with the minute. */
export function Clock({ lost = false }: { lost?: boolean }) {
  const { t } = useTranslation('shell')
  const { locale, zone } = usePlace(useSite()?.id)
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), 60_050 - (Date.now() % 60_000))
    return () => clearTimeout(timer)
  }, [now])
  const day = today(zone, now)
  const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now)
  return (
    <span className={classes.clock} data-lost={lost || undefined} title={zone}>
      <span className={classes.day}>{date(day, locale, day, true)}, </span>
      <b>{time}</b> <span className={classes.day}>{t('clock.site')}</span>
    </span>
  )
}
