import { IconTrashX } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { bytes } from '../../kit/bytes'
import type { TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePages } from '../../kit/usePages'
import { Runs } from './Runs'

type Run = Schemas['RetentionRun']

/** The runs that let old backups go. Every one begins as a plan that is looked at first: the button plans and deletes nothing. */
export function Retention() {
  const { t } = useTranslation('backups')
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const pages = usePages<Run>(['retention-runs', 'list'], (cursor, signal) => ok(api.GET('/v1/retention-runs', { params: { query: { limit: 100, cursor } }, signal })))
  const open = (id: string) => void navigate({ to: '/admin/retention-runs/$runId', params: { runId: id } })
  const run = useCommand((_: null, key: string) => ok(api.POST('/v1/retention-runs', { params: { header: { 'Idempotency-Key': key } }, body: { dry_run: true } })), { refresh: ['retention-runs'], done: ({ id }) => open(id) })
  const outcome = (one: Run) => one.failure || (one.status === 'completed' ? (one.dry_run ? t('planned_only') : t('went', { count: one.removed })) : '')
  const columns = useMemo<TableColumn<Run>[]>(
    () => [
      { key: 'status', head: t('status'), width: 120, cell: ({ status }) => <State noun="job" state={status} /> },
      { key: 'outcome', head: t('outcome'), rank: 2, cell: (one) => outcome(one) },
      { key: 'freed', head: t('freed'), width: 110, align: 'right', rank: 1, cell: ({ freed_bytes }) => (freed_bytes > 0 ? bytes(freed_bytes, locale) : '') },
      { key: 'asked', head: t('asked'), width: 170, align: 'right', cell: ({ created_at }) => instant(created_at, locale, zone) },
    ],
    [t, locale, zone],
  )
  return (
    <Runs
      tab="retention"
      noun="retention-runs"
      Icon={IconTrashX}
      pages={pages}
      columns={columns}
      called={() => t('retention')}
      look={({ status }) => ({ noun: 'job', state: status })}
      phone={(one) => [t(`states:job.${one.status}`), instant(one.created_at, locale, zone), outcome(one)]}
      open={open}
      words={t('plan_retention')}
      ask={() => run.mutate(null)}
      busy={run.isPending}
      error={run.error}
    />
  )
}
