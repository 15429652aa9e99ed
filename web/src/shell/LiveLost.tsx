import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UnstyledButton } from '@mantine/core'
import { usePlace, useSite } from '../api/me'
import classes from './LiveLost.module.css'
import { tryNow, useLive } from './live'

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return online
}

/** The strip under the header while the page does not follow the server: since when, and the way to try at once. Data and commands stay. */
export function LiveLost() {
  const { t } = useTranslation('shell')
  const { state, heard, tries } = useLive()
  const { locale, zone } = usePlace(useSite()?.id)
  const online = useOnline()
  if (online && state !== 'lost') return null
  const time = new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(heard)
  return (
    <div className={classes.strip} role="status">
      <IconPlugConnectedX size={16} stroke={1.75} aria-hidden />
      <span>
        <b>{online ? t('lost.showing', { time }) : t('lost.offline', { time })}</b> {online ? t('lost.again', { count: tries, ordinal: true }) : null}
      </span>
      <UnstyledButton className={classes.now} onClick={tryNow}>
        {t('lost.now')}
      </UnstyledButton>
    </div>
  )
}

/** The dot that says that the page follows the server. */
export function LiveDot() {
  const { t } = useTranslation('shell')
  const { state } = useLive()
  return (
    <span className={classes.live} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {t(`live.${state}`)}
    </span>
  )
}
