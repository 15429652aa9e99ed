import { Button } from '@mantine/core'
import { IconFileSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFollow } from '../../kit/useFollow'
import { usePages } from '../../kit/usePages'
import classes from '../imports/Imports.module.css'
import { Tabs } from './Tabs'

type Run = Schemas['FileRun']

/** A run with faults is red, however well it ended. */
const stateOf = ({ status, evidence }: Run) => (status === 'completed' && evidence?.faults ? 'failed' : status)

/** The checks of the stored files against the rows, and the restores of files. */
export function FileRuns() {
  const { t } = useTranslation('backups')
  const may = useMay()
  const { locale, zone } = usePlace()
  const pages = usePages<Run>(['file-runs', 'list'], (cursor, signal) => ok(api.GET('/v1/file-runs', { params: { query: { limit: 100, cursor } }, signal })))
  useFollow('file-runs', pages.rows?.some(({ status }) => status === 'queued' || status === 'running') ?? false)
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
    <section className={classes.screen} aria-label={t('files')}>
      <PageTitle
        title={t('files')}
        main={
          may('backups.run') ? (
            <Button variant="filled" leftSection={<IconFileSearch size={16} stroke={1.75} />} loading={run.isPending} onClick={() => !run.isPending && run.mutate(null)}>
              {t('check_files')}
            </Button>
          ) : null
        }
      />
      <Tabs current="files" />
      <CommandProblem error={run.error} again={() => run.mutate(null)} />
      <DataTable
        label={t('files')}
        scrollId="file-runs"
        columns={columns}
        rows={pages.rows}
        more={pages.more}
        onVisible={pages.onVisible}
        error={pages.error}
        retry={pages.retry}
        id={({ id }) => id}
        name={(one) => `${t(`file_run.${one.kind}`)} ${instant(one.created_at, locale, zone)}`}
        glyph={(one) => <StateGlyph noun="job" state={stateOf(one)} />}
        phone={(one) => (
          <span className={classes.phone}>
            <span>{t(`file_run.${one.kind}`)}</span>
            <span>{instant(one.created_at, locale, zone)}</span>
            <span className={classes.more}>{outcome(one)}</span>
          </span>
        )}
        empty={
          <Note icon={<IconFileSearch size={16} stroke={1.75} />} title={t('no_files')}>
            {t('no_files_help')}
          </Note>
        }
      />
    </section>
  )
}
