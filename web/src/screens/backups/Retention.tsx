import { Button } from '@mantine/core'
import { IconTrashX } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { bytes } from '../../kit/bytes'
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

type Run = Schemas['RetentionRun']

/** The runs that let old backups go. Every one begins as a plan that is looked at first: the button plans and deletes nothing. */
export function Retention() {
  const { t } = useTranslation('backups')
  const may = useMay()
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const pages = usePages<Run>(['retention-runs', 'list'], (cursor, signal) => ok(api.GET('/v1/retention-runs', { params: { query: { limit: 100, cursor } }, signal })))
  useFollow('retention-runs', pages.rows?.some(({ status }) => status === 'queued' || status === 'running') ?? false)
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
    <section className={classes.screen} aria-label={t('retention')}>
      <PageTitle
        title={t('retention')}
        main={
          may('backups.run') ? (
            <Button variant="filled" leftSection={<IconTrashX size={16} stroke={1.75} />} loading={run.isPending} onClick={() => !run.isPending && run.mutate(null)}>
              {t('plan_retention')}
            </Button>
          ) : null
        }
      />
      <Tabs current="retention" />
      <CommandProblem error={run.error} again={() => run.mutate(null)} />
      <DataTable
        label={t('retention')}
        scrollId="retention-runs"
        columns={columns}
        rows={pages.rows}
        more={pages.more}
        onVisible={pages.onVisible}
        error={pages.error}
        retry={pages.retry}
        id={({ id }) => id}
        name={(one) => `${t('retention')} ${instant(one.created_at, locale, zone)}`}
        glyph={({ status }) => <StateGlyph noun="job" state={status} />}
        onOpen={({ id }) => open(id)}
        phone={(one) => (
          <span className={classes.phone}>
            <span>{t(`states:job.${one.status}`)}</span>
            <span>{instant(one.created_at, locale, zone)}</span>
            <span className={classes.more}>{outcome(one)}</span>
          </span>
        )}
        empty={
          <Note icon={<IconTrashX size={16} stroke={1.75} />} title={t('no_retention')}>
            {t('no_retention_help')}
          </Note>
        }
      />
    </section>
  )
}
