import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClockPause, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import classes from './CommandProblem.module.css'
import { useOwnTry } from './useOwnTry'

interface CommandProblemProps {
  error: Error | null
  /** Sends the same again, with the same key. */
  again?: () => void
  /** The command came from a form, which keeps what was entered. */
  form?: boolean
}

/**
 * Why a command was not carried out. What the server could not finish is amber and is sent again, by itself or at once, which
 * counts once; a refusal is red, in the server's words. Nothing without an error.
 */
export function CommandProblem({ error, again, form = false }: CommandProblemProps) {
  if (!error) return null
  if (error instanceof Problem && error.again) return <NotYet error={error} again={again} form={form} />
  return (
    <div className={classes.strip} role="alert">
      <IconAlertTriangle size={16} stroke={1.75} />
      <span>{error.message}</span>
    </div>
  )
}

function NotYet({ error, again, form }: { error: Problem; again?: () => void; form: boolean }) {
  const { t } = useTranslation()
  const left = useOwnTry(error, again)
  return (
    <div className={classes.late} data-loud>
      <div className={classes.strip} data-safe role="alert">
        <IconClockPause size={18} stroke={1.75} />
        <span>
          <b>{t('again.title')}</b> {t(error.status === 0 ? 'again.away' : 'again.busy')}
        </span>
      </div>
      {again ? (
        <div className={classes.row}>
          <Button variant="filled" leftSection={<IconRefresh size={16} stroke={1.75} />} onClick={again}>
            {t('again')}
          </Button>
          {left ? <span className={classes.next}>{t('again.next', { seconds: left })}</span> : null}
        </div>
      ) : null}
      {form ? <p className={classes.kept}>{t('again.kept')}</p> : null}
    </div>
  )
}
