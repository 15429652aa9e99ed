import { IconFileSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import type { TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePages } from '../../kit/usePages'
import { Runs } from './Runs'

type Run = Schemas['FileRun']

/** A run with faults is red, however well it ended. */
const stateOf = ({ status, evidence }: Run) => (status === 'completed' && evidence?.faults ? 'failed' : status)

/** The checks of the stored files against the rows, and the restores of files. */
export function FileRuns() {
  const { t } = useTranslation('backups')
  const { locale, zone } = usePlace()
  const pages = usePages<Run>(['file-runs', 'list'], (cursor, signal) => ok(api.GET('/v1/file-runs', { params: { query: { limit: 100, cursor } }, signal })))
  const run = useCommand((_: null, key: string) => ok(api.POST('/v1/file-runs', { params: { header: { 'Idempotency-Key': key } }, body: { kind: 'check' } })), { refresh: ['file-runs'] })
  const outcome = (one: Run) => {
    if (one.failure) return one.failure
    if (!one.evidence) return one.status === 'running' ? t('step.looking') : t('step.queued')
    const said = [t('files_seen', { count: one.evidence.files })]
    if (one.evidence.faults) said.unshift(t('files_wrong', { count: one.evidence.faults }))
    if (one.evidence.removed) said.push(t('objects_removed', { count: one.evidence.removed }))
    if (one.evidence.restored) said.push(t('files_restored', { count: one.evidence.restored }))
    return said.join(', ')
  }
  const columns = useMemo<TableColumn<Run>[]>(
    () => [
      { key: 'kind', head: t('kind'), width: 160, cell: ({ kind }) => t(`file_run.${kind}`) },
      { key: 'status', head: t('status'), width: 120, cell: (one) => <State noun="job" state={stateOf(one)} /> },
      { key: 'outcome', head: t('outcome'), rank: 1, cell: (one) => <span title={(one.plan?.faults ?? []).map(({ key, fault }) => `${key}: ${fault}`).join('\n')}>{outcome(one)}</span> },
      { key: 'asked', head: t('asked'), width: 170, align: 'right', cell: ({ created_at }) => instant(created_at, locale, zone) },
    ],
    [t, locale, zone],
  )
  return (
    <Runs
      tab="files"
      noun="file-runs"
      Icon={IconFileSearch}
      pages={pages}
      columns={columns}
      called={({ kind }) => t(`file_run.${kind}`)}
      look={(one) => ({ noun: 'job', state: stateOf(one) })}
      phone={(one) => [t(`file_run.${one.kind}`), instant(one.created_at, locale, zone), outcome(one)]}
      words={t('check_files')}
      ask={() => run.mutate(null)}
      busy={run.isPending}
      error={run.error}
    />
  )
}
