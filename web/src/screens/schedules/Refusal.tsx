import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import classes from './Refusal.module.css'

/** Why something was not saved: amber and safe to send again, or red in the server's words. */
export function Refusal({ error, words, again }: { error: Error | null; words?: string; again: () => void }) {
  const { t } = useTranslation()
  if (!error) return null
  const safe = error instanceof Problem && error.again
  return (
    <div className={classes.strip} data-safe={safe || undefined} role="alert">
      {safe ? <IconClockPause size={16} stroke={1.75} /> : <IconAlertTriangle size={16} stroke={1.75} />}
      <span>{safe ? t('again.safe') : (words ?? error.message)}</span>
      {safe ? <Button onClick={again}>{t('again')}</Button> : null}
    </div>
  )
}
