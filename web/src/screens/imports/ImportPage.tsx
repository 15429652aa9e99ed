import { Button, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { instant, quantity } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import type { Import, Kind } from './fields'
import classes from './Imports.module.css'

const route = getRouteApi('/shell/imports/$importId')
const paths = { commit: '/v1/imports/{id}/commit', cancel: '/v1/imports/{id}/cancel' } as const
const moving = (one: Import | undefined) => one?.status === 'validating' || one?.status === 'running'

/** One import: how far it is, what it found, and the two things to decide: write it, or stop it. */
export function ImportPage() {
  const { t } = useTranslation('imports')
  const { locale, zone } = usePlace()
  const { importId } = route.useParams()
  // Rows are counted while they are written; no event tells each step.
  const read = useQuery({ queryKey: ['imports', importId], queryFn: () => ok(api.GET('/v1/imports/{id}', { params: { path: { id: importId } } })), refetchInterval: ({ state }) => (moving(state.data) ? 1000 : false) })
  const command = useCommand((name: 'commit' | 'cancel', key: string) => ok(api.POST(paths[name], { params: { path: { id: importId }, header: { 'Idempotency-Key': key } } })), { refresh: ['imports'] })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  const one = read.data
  const allowed = one.allowed_commands ?? []
  const rows = (count: number) => quantity(count, locale)
  const percent = one.rows_total > 0 ? Math.min(100, (one.rows_done / one.rows_total) * 100) : 0
  const busy = (name: 'commit' | 'cancel') => command.isPending && command.variables === name
  return (
    <section className={classes.screen}>
      <PageTitle
        title={one.file_name}
        badges={<State noun="job" state={one.status} />}
        note={`${t(`kind.${one.kind as Kind}`)}, ${instant(one.created_at, locale, zone)}`}
        actions={
          allowed.includes('cancel') ? (
            <Button loading={busy('cancel')} onClick={() => !command.isPending && command.mutate('cancel')}>
              {t(one.status === 'validated' ? 'drop' : 'stop')}
            </Button>
          ) : null
        }
        main={
          allowed.includes('commit') ? (
            <Button variant="filled" loading={busy('commit')} onClick={() => !command.isPending && command.mutate('commit')}>
              {t('commit', { count: one.rows_ok, rows: rows(one.rows_ok) })}
            </Button>
          ) : null
        }
      />
      <div className={classes.page}>
        <CommandProblem error={command.error} again={() => command.variables && command.mutate(command.variables)} />
        {moving(one) ? (
          <div role="status">
            <div className={classes.bar}>
              <Progress.Root size={8}>
                <Progress.Section value={percent} color="var(--ms-moving-solid)" aria-label={t('progress')} />
              </Progress.Root>
              {one.rows_total > 0 ? t('progress_of', { done: rows(one.rows_done), total: rows(one.rows_total) }) : t('progress_read', { done: rows(one.rows_done) })}
            </div>
            <p className={classes.quiet}>{t('may_leave')}</p>
          </div>
        ) : (
          <p>{t(`said.${one.status as 'validated'}`, { ok: rows(one.rows_ok), changed: rows(one.rows_changed) })}</p>
        )}
        {one.failure ? (
          <p className={classes.lack} role="alert">
            {one.failure}
          </p>
        ) : null}
        <dl className={classes.figures}>
          <div>
            <dt>{t('rows')}</dt>
            <dd>{rows(one.rows_total)}</dd>
          </div>
          <div>
            <dt>{t('rows_ok')}</dt>
            <dd>{rows(one.rows_ok)}</dd>
          </div>
          <div>
            <dt>{t('rows_changed')}</dt>
            <dd>{rows(one.rows_changed)}</dd>
          </div>
          <div>
            <dt>{t('rows_failed')}</dt>
            <dd data-bad={one.rows_failed > 0 || undefined}>{rows(one.rows_failed)}</dd>
          </div>
        </dl>
        <div className={classes.actions}>
          {one.errors_url ? (
            <Button component="a" href={one.errors_url} download leftSection={<IconDownload size={16} stroke={1.75} />}>
              {t('errors')}
            </Button>
          ) : null}
          {moving(one) ? null : (
            <Button renderRoot={(props) => <Link to="/imports/new" search={{ kind: one.kind as Kind }} {...props} />}>{t('another')}</Button>
          )}
        </div>
      </div>
    </section>
  )
}
