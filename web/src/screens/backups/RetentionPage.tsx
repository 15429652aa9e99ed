import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import classes from '../imports/Imports.module.css'
import own from './DrillPage.module.css'

const route = getRouteApi('/shell/admin/retention-runs/$runId')

/** One run of retention: its plan, backup by backup, with why each stays. */
export function RetentionPage() {
  const { t } = useTranslation('backups')
  const may = useMay()
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const { runId } = route.useParams()
  // No event tells each step.
  const read = useQuery({
    queryKey: ['retention-runs', runId],
    queryFn: () => ok(api.GET('/v1/retention-runs/{id}', { params: { path: { id: runId } } })),
    refetchInterval: ({ state }) => (state.data && (state.data.status === 'queued' || state.data.status === 'running') ? 1000 : false),
  })
  const run = useCommand((_: null, key: string) => ok(api.POST('/v1/retention-runs', { params: { header: { 'Idempotency-Key': key } }, body: {} })), {
    refresh: ['retention-runs', 'backups'],
    done: ({ id }) => void navigate({ to: '/admin/retention-runs/$runId', params: { runId: id } }),
  })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  const one = read.data
  const plan = one.plan?.backups ?? []
  const goes = plan.filter(({ keep }) => !keep?.length).length
  const step = one.status === 'queued' ? t('step.queued') : one.plan ? t('step.removing') : t('step.planning')
  return (
    <section className={classes.screen}>
      <PageTitle
        title={t('retention_of', { time: instant(one.created_at, locale, zone) })}
        badges={<State noun="job" state={one.status} />}
        main={
          one.dry_run && one.status === 'completed' && goes > 0 && may('backups.run') ? (
            <Button variant="filled" loading={run.isPending} onClick={() => !run.isPending && run.mutate(null)}>
              {t('let_go')}
            </Button>
          ) : null
        }
      />
      <div className={classes.page}>
        <CommandProblem error={run.error} again={() => run.mutate(null)} />
        <p role="status">
          {one.failure || (one.status === 'completed' ? (one.dry_run ? t('would_go', { count: goes }) : t('went', { count: one.removed })) : step)}
        </p>
        {plan.length > 0 ? (
          <Panel title={t('plan')} flush>
            <ul className={own.checks}>
              {plan.map(({ backup_id, kind, snapshot_at, keep }) => (
                <li key={backup_id}>
                  <strong>{keep?.length ? t('stays') : t('goes')}</strong>
                  <span>{`${t(`kind.${kind as 'dump'}`)}, ${instant(snapshot_at, locale, zone)}`}</span>
                  <span>{keep?.join(', ')}</span>
                </li>
              ))}
            </ul>
          </Panel>
        ) : null}
      </div>
    </section>
  )
}
