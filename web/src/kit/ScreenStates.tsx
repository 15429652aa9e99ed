import { Button, CopyButton, Skeleton } from '@mantine/core'
import { IconCheck, IconCloudX, IconCopy, IconLock, IconMoodEmpty, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import { matrixQuery } from '../api/permissions'
import { usePageName } from './pageName'
import classes from './ScreenStates.module.css'

interface NoteProps {
  /** Drawn large above the title. */
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
    <div className={classes.note} role={role} data-loud data-icon={icon ? true : undefined}>
      {icon}
      <Title className={classes.title}>{title}</Title>
      {children ? <div className={classes.words}>{children}</div> : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  )
}

interface FailedProps {
  error: unknown
  retry?: () => void
  /** It was all of the page. */
  page?: boolean
  /** It was a list, whose filters stay. */
  list?: boolean
}

const small = { size: 16, stroke: 1.75 }
const large = { size: 24, stroke: 1.75 }

/** Why something could not be loaded, what is safe, and one way on. */
export function Failed({ error, retry, page, list = false }: FailedProps) {
  const { t } = useTranslation()
  const problem = error instanceof Problem ? error : undefined
  if (problem?.status === 403) return <Forbidden problem={problem} page={page} />
  if (problem?.status === 404) return <Note icon={<IconMoodEmpty {...large} />} title={t('missing.title')} role="alert" page={page}>{t('missing.help')}</Note>
  const title = t(list ? 'failed.list' : 'failed.title')
  const away = problem?.status === 0
  const why = away ? t('failed.network') : (problem?.message ?? String(error))
  return (
    <Note
      icon={<IconCloudX {...large} />}
      title={title}
      role="alert"
      page={page}
      actions={
        <>
          {retry ? (
            <Button variant={page || list ? 'filled' : 'default'} leftSection={<IconRefresh {...small} />} onClick={retry}>
              {t('again')}
            </Button>
          ) : null}
          {problem?.body.request_id ? <CopyDetails id={problem.body.request_id} about={`${title}: ${why}`} /> : null}
        </>
      }
    >
      {why} {list ? t('failed.filters') : away ? t('failed.kept') : null}
    </Note>
  )
}

/** Who may see what this person may not. */
function Forbidden({ problem, page }: { problem: Problem; page?: boolean }) {
  const { t } = useTranslation()
  const { permission } = problem.body
  const matrix = useQuery({ ...matrixQuery, enabled: Boolean(permission) }).data
  const roles = matrix?.permissions?.find((one) => one.permission === permission)?.roles ?? []
  return (
    <Note icon={<IconLock {...large} />} title={t('forbidden.title')} role="alert" page={page}>
      {roles.length > 0 ? t('forbidden.who', { roles: roles.map((role) => t(`shell:role.${role}` as 'shell:role.admin')).join(', ') }) : `${problem.message} ${t('forbidden.help')}`}
    </Note>
  )
}

/** What somebody who looks into it needs, for the clipboard; the end of the request's id is enough to tell two apart. */
function CopyDetails({ id, about }: { id: string; about: string }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={[about, `request_id ${id}`, location.href, new Date().toISOString()].join('\n')}>
      {({ copied, copy }) => (
        <Button variant="subtle" leftSection={copied ? <IconCheck {...small} /> : <IconCopy {...small} />} onClick={copy}>
          {t(copied ? 'copied' : 'failed.copy')} <span className={classes.request}>{t('failed.request', { id: id.slice(-6) })}</span>
        </Button>
      )}
    </CopyButton>
  )
}

/** How long something loads already: nothing is shown for 150 ms, and after 5 s it is said in words. */
export function useLoading(): 'soon' | 'bars' | 'long' {
  const [phase, setPhase] = useState<'soon' | 'bars' | 'long'>('soon')
  useEffect(() => {
    const timers = [setTimeout(() => setPhase('bars'), 150), setTimeout(() => setPhase('long'), 5000)]
    return () => timers.forEach(clearTimeout)
  }, [])
  return phase
}

/** Gray bars in the place of content without columns. */
export function Loading({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation()
  const phase = useLoading()
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
