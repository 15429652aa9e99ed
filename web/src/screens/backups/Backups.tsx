import { NativeSelect } from '@mantine/core'
import { IconDatabaseExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { bytes } from '../../kit/bytes'
import { CommandProblem } from '../../kit/CommandProblem'
import type { TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePages } from '../../kit/usePages'
import { Runs } from './Runs'

type Backup = Schemas['Backup']
const kinds = ['dump', 'full', 'differential', 'incremental', 'archive'] as const

/** The backups of the installation, with what a drill has said of each. */
export function Backups() {
  const { t } = useTranslation('backups')
  const may = useMay()
  const { locale, zone } = usePlace()
  const [asked, setAsked] = useState(false)
  const pages = usePages<Backup>(['backups', 'list'], (cursor, signal) => ok(api.GET('/v1/backups', { params: { query: { limit: 100, cursor } }, signal })))
  const drills = useQuery({ queryKey: ['restore-drills', 'newest'], queryFn: () => ok(api.GET('/v1/restore-drills', { params: { query: { limit: 200 } } })), enabled: may('backups.read') })
  const proven = useMemo(() => new Set((drills.data?.items ?? []).filter(({ verdict }) => verdict === 'pass').map(({ backup_id }) => backup_id)), [drills.data])
  const outcome = (one: Backup) => (one.failure ? one.failure : one.expired_at ? t('gone') : proven.has(one.id) ? t('proven') : one.status === 'completed' && one.kind !== 'archive' ? t('unproven') : '')
  const columns = useMemo<TableColumn<Backup>[]>(
    () => [
      { key: 'kind', head: t('kind'), width: 170, cell: ({ kind }) => t(`kind.${kind}`) },
      { key: 'status', head: t('status'), width: 120, cell: ({ status }) => <State noun="job" state={status} /> },
      { key: 'outcome', head: t('outcome'), rank: 3, cell: (one) => <span title={one.failure}>{outcome(one)}</span> },
      { key: 'size', head: t('size'), width: 100, align: 'right', rank: 1, cell: ({ size_bytes }) => (size_bytes > 0 ? bytes(size_bytes, locale) : '') },
      { key: 'rows_of', head: t('rows_of'), width: 160, align: 'right', rank: 2, cell: ({ snapshot_at }) => instant(snapshot_at, locale, zone) },
      { key: 'asked', head: t('asked'), width: 160, align: 'right', rank: 4, cell: ({ created_at }) => instant(created_at, locale, zone) },
    ],
    [t, locale, zone, proven],
  )
  return (
    <Runs
      tab="backups"
      noun="backups"
      Icon={IconDatabaseExport}
      pages={pages}
      columns={columns}
      called={({ kind }) => t(`kind.${kind}`)}
      look={({ status }) => ({ noun: 'job', state: status })}
      phone={(one) => [
        t(`kind.${one.kind}`),
        one.size_bytes > 0 ? bytes(one.size_bytes, locale) : t(`states:job.${one.status}`),
        [instant(one.created_at, locale, zone), outcome(one)].filter(Boolean).join(', '),
      ]}
      words={t('new_backup')}
      ask={() => setAsked(true)}
    >
      {asked ? <NewBackup close={() => setAsked(false)} /> : null}
    </Runs>
  )
}

function NewBackup({ close }: { close: () => void }) {
  const { t } = useTranslation('backups')
  const [kind, setKind] = useState<(typeof kinds)[number]>('dump')
  const run = useCommand((body: { kind: (typeof kinds)[number] }, key: string) => ok(api.POST('/v1/backups', { params: { header: { 'Idempotency-Key': key } }, body })), { refresh: ['backups'], done: close })
  const send = () => run.mutate({ kind })
  return (
    <Sheet title={t('new_backup')} submit={t('back_up')} onSubmit={send} busy={run.isPending} onClose={close}>
      <CommandProblem error={run.error} again={send} />
      <NativeSelect label={t('kind')} value={kind} onChange={(event) => setKind(event.currentTarget.value as typeof kind)} data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))} data-autofocus />
      <p>{t(`help.${kind}`)}</p>
    </Sheet>
  )
}
