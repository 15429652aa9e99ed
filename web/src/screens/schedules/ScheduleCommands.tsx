import { IconFilePlus, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { type Command, CommandMenu, Commands, footMenu } from '../../kit/Commands'
import { AreaField, DateField, FormProblem } from '../../kit/Fields'
import { date, today as todayAt } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { usePhone } from '../../kit/usePhone'
import { useSheet } from '../../kit/useSheet'
import type { Schedule } from './draft'
import classes from './SchedulePage.module.css'

type Name = 'pause' | 'resume' | 'end' | 'generate'
type Body = Schemas['ScheduleCommandBody']

const paths = { pause: '/v1/maintenance-schedules/{id}/pause', resume: '/v1/maintenance-schedules/{id}/resume', end: '/v1/maintenance-schedules/{id}/end', generate: '/v1/maintenance-schedules/{id}/generate' } as const

/** What a schedule lets this person do: in the title row, at the phone's thumb. */
export function ScheduleCommands({ schedule, etag }: { schedule: Schedule; etag: string }) {
  const { t } = useTranslation('schedules')
  const navigate = useNavigate()
  const may = useMay()
  const phone = usePhone()
  const { sheet: asked, open: setAsked, close } = useSheet<Name>()
  const allowed = (schedule.allowed_commands ?? []).filter((name) => may(name === 'edit' ? 'maintenance_schedules.write' : 'maintenance_schedules.command'))
  const all: (Command & { name: 'edit' | Name })[] = [
    { name: 'resume', label: t('command.resume'), icon: <IconPlayerPlay size={16} stroke={1.75} />, run: () => setAsked('resume') },
    { name: 'edit', label: t('command.edit'), icon: <IconPencil size={16} stroke={1.75} />, run: () => void navigate({ to: '/schedules/$scheduleId/edit', params: { scheduleId: schedule.id } }) },
    { name: 'generate', label: t('command.generate'), icon: <IconFilePlus size={16} stroke={1.75} />, run: () => setAsked('generate') },
    { name: 'pause', label: t('command.pause'), icon: <IconPlayerPause size={16} stroke={1.75} />, run: () => setAsked('pause') },
    { name: 'end', label: t('command.end'), icon: <IconPlayerStop size={16} stroke={1.75} />, run: () => setAsked('end'), danger: true },
  ]
  const commands = all.filter(({ name }) => allowed.includes(name))
  return (
    <>
      {phone ? <CommandMenu commands={footMenu(commands)} /> : <Commands commands={commands} />}
      {phone && commands.length > 0 ? (
        <div className={classes.thumb} data-phone-commands>
          <Commands commands={commands} place="foot" />
        </div>
      ) : null}
      {asked ? <ScheduleCommandSheet name={asked} schedule={schedule} etag={etag} close={close} /> : null}
    </>
  )
}

/** Asks for what a command of a schedule needs, and sends it. */
export function ScheduleCommandSheet({ name, schedule, etag, close }: { name: Name; schedule: Schedule; etag: string; close: () => void }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const today = todayAt(schedule.time_zone)
  const form = useFields({ reason: '', until: '' })
  const command = useCommand((body: Body, key: string) => ok(api.POST(paths[name], { params: { path: { id: schedule.id }, header: { 'Idempotency-Key': key, 'If-Match': etag } }, body })), {
    refresh: ['maintenance-schedules', 'work-orders', 'dashboard'],
    done: close,
  })
  const { reason, until } = form.values
  const body: Body = name === 'pause' ? { reason: reason.trim(), ...(until ? { until } : {}) } : name === 'end' ? { reason: reason.trim() } : {}
  const send = () => command.mutate(body, { onError: form.refuse })
  const due = schedule.next_due_on ? date(schedule.next_due_on, locale, today, true) : ''
  return (
    <Sheet title={t(`command.${name}`)} submit={t(`command.${name}_submit`)} onSubmit={send} busy={command.isPending} danger={name === 'end'} onClose={close}>
      <p>{name === 'generate' && due ? t('command.generate_help', { due }) : t(`command.${name}_text`)}</p>
      <FormProblem form={form} error={command.error} again={send} />
      {name === 'pause' ? <DateField form={form} name="until" label={t('command.until')} optional min={today} help={t('command.until_help')} /> : null}
      {name === 'pause' || name === 'end' ? <AreaField form={form} name="reason" label={t('command.reason')} autoFocus /> : null}
    </Sheet>
  )
}
