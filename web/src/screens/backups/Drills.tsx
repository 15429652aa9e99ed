import { IconShieldCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import type { TableColumn } from '../../kit/DataTable'
import { duration, instant } from '../../kit/figures'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePages } from '../../kit/usePages'
import { Runs } from './Runs'

type Drill = Schemas['RestoreDrill']

/** What a drill found, or how far it is. */
const stateOf = ({ status, verdict }: Drill) => verdict ?? status
/** The first check that is no pass: why a drill is not green. */
const reason = ({ checks }: Drill) => (checks ?? []).find(({ verdict }) => verdict !== 'pass')

/** The restore drills of the installation with their verdicts. */
export function Drills() {
  const { t } = useTranslation('backups')
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const pages = usePages<Drill>(['restore-drills', 'list'], (cursor, signal) => ok(api.GET('/v1/restore-drills', { params: { query: { limit: 100, cursor } }, signal })))
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
    <Runs
      tab="drills"
      noun="restore-drills"
      Icon={IconShieldCheck}
      pages={pages}
      columns={columns}
      called={(one) => t(`states:drill.${stateOf(one)}`)}
      look={(one) => ({ noun: 'drill', state: stateOf(one) })}
      phone={(one) => [
        t(`states:drill.${stateOf(one)}`),
        instant(one.created_at, locale, zone),
        reason(one)?.detail ?? (one.rto_seconds == null ? '' : `${t('rto')} ${duration(one.rto_seconds)}`),
      ]}
      open={open}
      words={t('new_drill')}
      ask={() => run.mutate(null)}
      busy={run.isPending}
      error={run.error}
    />
  )
}
