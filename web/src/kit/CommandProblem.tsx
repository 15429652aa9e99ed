import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import classes from './CommandProblem.module.css'

/**
 * Why a command was not carried out. What the server could not finish is amber and offers to send it again, which counts
 * once; a refusal is red, in the server's words. Nothing without an error.
 */
export function CommandProblem({ error, again }: { error: Error | null; again?: () => void }) {
  const { t } = useTranslation()
  if (!error) return null
  const safe = error instanceof Problem && error.again
  return (
    <div className={classes.strip} data-safe={safe || undefined} role="alert">
      {safe ? <IconClockPause size={16} stroke={1.75} /> : <IconAlertTriangle size={16} stroke={1.75} />}
      <span>{safe ? t('again.safe') : error.message}</span>
      {safe && again ? <Button onClick={again}>{t('again')}</Button> : null}
    </div>
  )
}
