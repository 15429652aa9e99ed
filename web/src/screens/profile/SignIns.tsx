import { Button } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { instant, quantity } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { deviceOf } from './choices'
import classes from './Profile.module.css'

/** Where the person is signed in; each can be ended from here. */
export function SignIns() {
  const { t } = useTranslation('profile')
  const { locale } = usePlace()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => ok(api.GET('/v1/me/sessions', { params: { query: { limit: 50, count: 'capped' } } })) })
  const end = useCommand((id: string) => ok(api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } })), { refresh: ['sessions'] })
  const items = sessions.data?.items ?? []
  return (
    <Panel title={t('sign_ins')} note={sessions.data?.total ? quantity(sessions.data.total.value, locale) : undefined} flush>
      <CommandProblem error={end.error} again={() => end.variables && end.mutate(end.variables)} />
      {sessions.isPending ? <Loading rows={2} /> : sessions.isError ? <Failed error={sessions.error} retry={() => void sessions.refetch()} /> : null}
      <ul className={classes.sessions}>
        {items.map((session) => (
          <SignIn key={session.id} session={session} busy={end.isPending && end.variables === session.id} end={() => end.mutate(session.id)} />
        ))}
      </ul>
    </Panel>
  )
}

function SignIn({ session, busy, end }: { session: Schemas['Session']; busy: boolean; end: () => void }) {
  const { t } = useTranslation('profile')
  const { locale, zone } = usePlace()
  const { browser, system } = deviceOf(session.user_agent)
  const Device = session.kind === 'token' ? IconTerminal2 : /Android|iOS/.test(system) ? IconDeviceMobile : IconDeviceDesktop
  const name = browser && system ? t('sign_in.device', { browser, system }) : browser || session.user_agent || t('sign_in.unknown')
  return (
    <li>
      <Device size={20} stroke={1.5} color="var(--ms-text-3)" aria-hidden />
      <span className={classes.device}>
        {name}
        <span className={classes.meta}>
          {session.current ? t('sign_in.here') : t('sign_in.used', { time: instant(session.used_at, locale, zone) })}, {session.address}
        </span>
      </span>
      {session.current ? null : (
        <Button onClick={end} loading={busy} aria-label={t('sign_in.end_of', { name })}>
          {t('sign_in.end')}
        </Button>
      )}
    </li>
  )
}
