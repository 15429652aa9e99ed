import { Button } from '@mantine/core'
import { IconUserShare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, useMe, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { AreaField, DateField, FormProblem } from '../../kit/Fields'
import { instant, today } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { useRefusal } from '../work-orders/detail/CommandSheet'
import { lastMoment } from './away'
import classes from './Delegations.module.css'
import { type Person, PersonField } from './PersonField'

/** To whom the reader has handed his approvals, and for how long; absent for who decides nothing. */
export function Delegations() {
  const may = useMay()
  return may('delegations.read') && may('delegations.write') ? <Handed /> : null
}

function Handed() {
  const { t } = useTranslation('approvals')
  const me = useMe()
  const { locale, zone } = usePlace()
  const [open, setOpen] = useState(false)
  const read = useQuery({ queryKey: ['delegations', 'mine'], queryFn: () => ok(api.GET('/v1/delegations', { params: { query: { limit: 50 } } })) })
  const revoke = useCommand((id: string, key) => ok(api.POST('/v1/delegations/{id}/revoke', { params: { path: { id }, header: { 'Idempotency-Key': key } } })), { refresh: ['delegations', 'approvals'] })
  const now = Date.now()
  const held = (read.data?.items ?? []).filter((one) => one.user_id === me.id && !one.revoked_at && Date.parse(one.ends_at) > now)
  return (
    <Panel
      title={t('away')}
      action={
        <Button leftSection={<IconUserShare size={16} stroke={1.75} />} onClick={() => setOpen(true)}>
          {t('away.new')}
        </Button>
      }
    >
      <CommandProblem error={revoke.error} again={() => revoke.variables && revoke.mutate(revoke.variables)} />
      {read.isPending ? <Loading rows={1} /> : read.isError ? <Failed error={read.error} retry={() => void read.refetch()} /> : null}
      {read.data && held.length === 0 ? <p className={classes.none}>{t('away.none')}</p> : null}
      <ul className={classes.list}>
        {held.map((one) => (
          <li key={one.id}>
            <span>
              {t('away.to', { name: one.to.name, from: instant(one.starts_at, locale, zone), until: instant(one.ends_at, locale, zone) })}
              {one.reason ? <q>{one.reason}</q> : null}
            </span>
            <Button loading={revoke.isPending && revoke.variables === one.id} onClick={() => revoke.mutate(one.id)}>
              {t('away.end')}
            </Button>
          </li>
        ))}
      </ul>
      {open ? <HandOverSheet onClose={() => setOpen(false)} /> : null}
    </Panel>
  )
}

function HandOverSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('approvals')
  const { zone } = usePlace()
  const form = useFields({ to: null as Person | null, ends_at: '', reason: '' })
  const create = useCommand((body: Schemas['DelegationBody'], key) => ok(api.POST('/v1/delegations', { params: { header: { 'Idempotency-Key': key } }, body })), { refresh: ['delegations', 'approvals'], done: onClose })
  useRefusal(form, create.error)
  const submit = () => create.mutate({ to: form.values.to?.id ?? '', ends_at: lastMoment(form.values.ends_at, zone), reason: form.values.reason.trim() || undefined })
  return (
    <Sheet title={t('away.new')} submit={t('away.submit')} onSubmit={submit} onClose={onClose} busy={create.isPending}>
      <p>{t('away.effect')}</p>
      <FormProblem form={form} error={create.error} again={submit} />
      <PersonField form={form} name="to" label={t('delegate.to')} autoFocus />
      <DateField form={form} name="ends_at" label={t('away.last_day')} min={today(zone)} />
      <AreaField form={form} name="reason" label={t('delegate.reason')} rows={2} optional />
    </Sheet>
  )
}
