import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconLock, IconMoodEmpty } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import { usePageName } from './pageName'
import classes from './ScreenStates.module.css'

interface NoteProps {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  role?: 'alert' | 'status'
  /** It stands in the place of a whole page: its title is the page's heading. */
  page?: boolean
}

/** What a screen or panel says instead of its content: left-aligned, without decoration. */
export function Note({ icon, title, children, actions, role, page = false }: NoteProps) {
  usePageName(page ? title : '')
  const Title = page ? 'h1' : 'p'
  return (
    <div className={classes.note} role={role}>
      {icon}
      <div>
        <Title className={classes.title}>{title}</Title>
        {children ? <div className={classes.words}>{children}</div> : null}
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </div>
    </div>
  )
}

/** Why something could not be loaded, what is safe, and one way on. `page` where it was all of the page. */
export function Failed({ error, retry, page }: { error: unknown; retry?: () => void; page?: boolean }) {
  const { t } = useTranslation()
  const problem = error instanceof Problem ? error : undefined
  if (problem?.status === 403) {
    return (
      <Note icon={<IconLock size={16} stroke={1.75} />} title={t('forbidden.title')} role="alert" page={page}>
        {problem.message} {t('forbidden.help')}
      </Note>
    )
  }
  if (problem?.status === 404) return <Note icon={<IconMoodEmpty size={16} stroke={1.75} />} title={t('missing.title')} role="alert" page={page}>{t('missing.help')}</Note>
  return (
    <Note
      icon={<IconAlertTriangle size={16} stroke={1.75} color="var(--ms-red-text)" />}
      title={t('failed.title')}
      role="alert"
      page={page}
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
