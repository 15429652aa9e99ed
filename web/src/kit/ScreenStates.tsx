import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconLock, IconMoodEmpty } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import classes from './ScreenStates.module.css'

interface NoteProps {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  role?: 'alert' | 'status'
}

/** What a screen or panel says instead of its content: left-aligned, without decoration. */
export function Note({ icon, title, children, actions, role }: NoteProps) {
  return (
    <div className={classes.note} role={role}>
      {icon}
      <div>
        <p className={classes.title}>{title}</p>
        {children ? <div className={classes.words}>{children}</div> : null}
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
    </div>
  )
}

/** Why something could not be loaded, what is safe, and one way on. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const problem = error instanceof Problem ? error : undefined
  if (problem?.status === 403) {
    return (
      <Note icon={<IconLock size={16} stroke={1.75} />} title={t('forbidden.title')} role="alert">
        {problem.message} {t('forbidden.help')}
      </Note>
    )
  }
  if (problem?.status === 404) return <Note icon={<IconMoodEmpty size={16} stroke={1.75} />} title={t('missing.title')} role="alert">{t('missing.help')}</Note>
  return (
    <Note
      icon={<IconAlertTriangle size={16} stroke={1.75} color="var(--ms-red-text)" />}
      title={t('failed.title')}
      role="alert"
      actions={retry ? <Button onClick={retry}>{t('again')}</Button> : null}
    >
      {problem?.status === 0 ? t('failed.network') : (problem?.message ?? String(error))}
      {problem?.body.request_id ? <span className={classes.request}>{t('failed.request', { id: problem.body.request_id })}</span> : null}
    </Note>
  )
}

/** Gray bars in the place of rows: nothing for 150 ms, words after 5 s. */
export function Loading({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation()
  const [phase, setPhase] = useState<'soon' | 'bars' | 'long'>('soon')
  useEffect(() => {
    const timers = [setTimeout(() => setPhase('bars'), 150), setTimeout(() => setPhase('long'), 5000)]
    return () => timers.forEach(clearTimeout)
  }, [])
  if (phase === 'soon') return <div aria-busy="true" />
  return (
    <div className={classes.loading} aria-busy="true" role="status">
      {phase === 'long' ? <p className={classes.words}>{t('loading.still')}</p> : null}
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={10} width={`${60 + ((row * 37) % 40)}%`} />
      ))}
    </div>
  )
}
