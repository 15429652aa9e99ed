import { NativeSelect } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import type { TableColumn } from '../../kit/DataTable'
import { duration, instant } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePages } from '../../kit/usePages'
import { type Drill, faults, stateOf } from './drill'
import { Runs } from './Runs'

/** Why a drill is not green: the first check that is no pass, or what was spoilt on purpose. */
function reason(t: TFunction<'backups'>, { checks, fault }: Drill) {
  return fault ? t(`spoilt.${fault}`) : ((checks ?? []).find(({ verdict }) => verdict !== 'pass')?.detail ?? '')
}

/** The restore drills of the installation with their verdicts. */
export function Drills() {
  const { t } = useTranslation('backups')
  const navigate = useNavigate()
  const { locale, zone } = usePlace()
  const pages = usePages<Drill>(['restore-drills', 'list'], (cursor, signal) => ok(api.GET('/v1/restore-drills', { params: { query: { limit: 100, cursor } }, signal })))
  const open = (id: string) => void navigate({ to: '/admin/restore-drills/$drillId', params: { drillId: id } })
  const [asked, setAsked] = useState(false)
  const columns = useMemo<TableColumn<Drill>[]>(
    () => [
      { key: 'verdict', head: t('verdict'), width: 170, cell: (one) => <State noun="drill" state={stateOf(one)} /> },
      { key: 'reason', head: t('reason'), rank: 2, cell: (one) => reason(t, one) },
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
        reason(t, one) || (one.rto_seconds == null ? '' : `${t('rto')} ${duration(one.rto_seconds)}`),
      ]}
      open={open}
      words={t('new_drill')}
      ask={() => setAsked(true)}
    >
      {asked ? <NewDrill close={() => setAsked(false)} done={open} /> : null}
    </Runs>
  )
}

function NewDrill({ close, done }: { close: () => void; done: (id: string) => void }) {
  const { t } = useTranslation('backups')
  const [fault, setFault] = useState<(typeof faults)[number] | ''>('')
  const run = useCommand((body: { fault?: (typeof faults)[number] }, key: string) => ok(api.POST('/v1/restore-drills', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: ['restore-drills'],
    done: ({ id }) => done(id),
  })
  const send = () => run.mutate(fault ? { fault } : {})
  return (
    <Sheet title={t('new_drill')} submit={t('start_drill')} onSubmit={send} busy={run.isPending} onClose={close}>
      <CommandProblem error={run.error} again={send} />
      <NativeSelect
        label={t('spoil')}
        value={fault}
        onChange={(event) => setFault(event.currentTarget.value as typeof fault)}
        data={[{ value: '', label: t('spoil_nothing') }, ...faults.map((value) => ({ value, label: t(`fault.${value}`) }))]}
        data-autofocus
      />
      <p>{t(fault ? 'spoil_help' : 'spoil_nothing_help')}</p>
    </Sheet>
  )
}
