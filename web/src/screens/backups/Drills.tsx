import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { duration, instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFollow } from '../../kit/useFollow'
import { usePages } from '../../kit/usePages'
import classes from '../imports/Imports.module.css'
import { Tabs } from './Tabs'

type Drill = Schemas['RestoreDrill']

/** What a drill found, or how far it is. */
const stateOf = ({ status, verdict }: Drill) => verdict ?? status
/** The first check that is no pass: why a drill is not green. */
const reason = ({ checks }: Drill) => (checks ?? []).find(({ verdict }) => verdict !== 'pass')

/** The restore drills of the installation with their verdicts. */
export function Drills() {
  const { t } = useTranslation('backups')
  const may = useMay()
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const pages = usePages<Drill>(['restore-drills', 'list'], (cursor, signal) => ok(api.GET('/v1/restore-drills', { params: { query: { limit: 100, cursor } }, signal })))
  useFollow('restore-drills', pages.rows?.some(({ status }) => status !== 'completed') ?? false)
  const open = (id: string) => void navigate({ to: '/admin/restore-drills/$drillId', params: { drillId: id } })
  const run = useCommand((_: null, key: string) => ok(api.POST('/v1/restore-drills', { params: { header: { 'Idempotency-Key': key } }, body: {} })), { refresh: ['restore-drills'], done: ({ id }) => open(id) })
  const columns = useMemo<TableColumn<Drill>[]>(
    () => [
      { key: 'verdict', head: t('verdict'), width: 150, cell: (one) => <State noun="drill" state={stateOf(one)} /> },
      { key: 'reason', head: t('reason'), rank: 2, cell: (one) => reason(one)?.detail ?? '' },
      { key: 'rpo', head: t('rpo'), width: 110, align: 'right', rank: 3, cell: ({ rpo_seconds }) => (rpo_seconds == null ? '' : duration(rpo_seconds)) },
      { key: 'rto', head: t('rto'), width: 110, align: 'right', rank: 1, cell: ({ rto_seconds }) => (rto_seconds == null ? '' : duration(rto_seconds)) },
      { key: 'asked', head: t('asked'), width: 170, align: 'right', cell: ({ created_at }) => instant(created_at, locale, zone) },
    ],
    [t, locale, zone],
  )
  return (
    <section className={classes.screen} aria-label={t('drills')}>
      <PageTitle list
        title={t('drills')}
        main={
          may('backups.run') ? (
            <Button variant="filled" leftSection={<IconShieldCheck size={16} stroke={1.75} />} loading={run.isPending} onClick={() => !run.isPending && run.mutate(null)}>
              {t('new_drill')}
            </Button>
          ) : null
        }
      />
      <Tabs current="drills" />
      <CommandProblem error={run.error} again={() => run.mutate(null)} />
      <DataTable
        label={t('drills')}
        scrollId="restore-drills"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={(one) => `${t(`states:drill.${stateOf(one)}`)} ${instant(one.created_at, locale, zone)}`}
        glyph={(one) => <StateGlyph noun="drill" state={stateOf(one)} />}
        onOpen={({ id }) => open(id)}
        phone={(one) => (
          <span className={classes.phone}>
            <span>{t(`states:drill.${stateOf(one)}`)}</span>
            <span>{instant(one.created_at, locale, zone)}</span>
            <span className={classes.more}>{reason(one)?.detail ?? (one.rto_seconds == null ? '' : `${t('rto')} ${duration(one.rto_seconds)}`)}</span>
          </span>
        )}
        empty={
          <Note icon={<IconShieldCheck size={16} stroke={1.75} />} title={t('no_drills')}>
            {t('no_drills_help')}
          </Note>
        }
      />
    </section>
  )
}
