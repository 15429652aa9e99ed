import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { AreaField, DateField, FormProblem } from '../../../kit/Fields'
import { today } from '../../../kit/figures'
import { type Person, PeopleField } from '../../../kit/PeopleField'
import { Sheet } from '../../../kit/Sheet'
import { Suggestions } from '../../../kit/Suggestions'
import { type Fields, useFields } from '../../../kit/useFields'
import type { CommandName } from './commands'
import { CompleteSheet } from './CompleteSheet'
import { assetQuery, usedBeforeQuery, type WorkOrder, type WorkOrderCommandBody } from './order'

export interface CommandSheetProps {
  order: WorkOrder
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (body: WorkOrderCommandBody) => void
}

/** What a command of a work order asks for before it is sent. */
export function CommandSheet({ name, ...props }: CommandSheetProps & { name: CommandName }) {
  switch (name) {
    case 'schedule':
      return <PlanSheet {...props} />
    case 'assign':
      return <AssignSheet {...props} />
    case 'complete':
      return <CompleteSheet {...props} />
    case 'hold':
    case 'cancel':
    case 'reopen':
      return <ReasonSheet {...props} name={name} />
    default:
      return null
  }
}

/** Takes a refusal to its fields as soon as it is there. */
export function useRefusal<V extends object>(form: Fields<V>, error: Error | null) {
  useEffect(() => {
    form.refuse(error)
  }, [error])
}

function PlanSheet({ order, error, busy, onClose, send }: CommandSheetProps) {
  const { t } = useTranslation('work-order')
  const asset = useQuery(assetQuery(order.asset_id)).data
  const { zone } = usePlace(asset?.site_id)
  const form = useFields({ start_on: order.start_on ?? '', assignee_ids: (order.assignees ?? []) as Person[] })
  useRefusal(form, error)
  const submit = () => send({ start_on: form.values.start_on || undefined, assignee_ids: form.values.assignee_ids.map(({ id }) => id) })
  return (
    <Sheet title={t('plan.title')} submit={t('plan.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <FormProblem form={form} error={error} again={submit} />
      <DateField form={form} name="start_on" label={t('plan.day')} min={today(zone)} autoFocus />
      <PeopleField form={form} name="assignee_ids" label={t('plan.people')} optional />
    </Sheet>
  )
}

function AssignSheet({ order, error, busy, onClose, send }: CommandSheetProps) {
  const { t } = useTranslation('work-order')
  const form = useFields({ assignee_ids: (order.assignees ?? []) as Person[] })
  useRefusal(form, error)
  const submit = () => send({ assignee_ids: form.values.assignee_ids.map(({ id }) => id) })
  return (
    <Sheet title={t('assign.title')} submit={t('assign.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <FormProblem form={form} error={error} again={submit} />
      <PeopleField form={form} name="assignee_ids" label={t('plan.people')} help={t('assign.help')} autoFocus />
    </Sheet>
  )
}

const usedIn = { hold: 'hold_reason', cancel: 'cancel_reason' } as const

function ReasonSheet({ name, error, busy, onClose, send }: CommandSheetProps & { name: 'hold' | 'cancel' | 'reopen' }) {
  const { t } = useTranslation('work-order')
  const form = useFields({ reason: '' })
  useRefusal(form, error)
  const submit = () => send({ reason: form.values.reason.trim() })
  let before: ReactNode = null
  if (name !== 'reopen') before = <UsedBefore field={usedIn[name]} pick={(text) => form.set('reason', text)} />
  return (
    <Sheet title={t(`${name}.title`)} submit={t(`${name}.submit`)} onSubmit={submit} onClose={onClose} busy={busy} danger={name === 'cancel'}>
      <p>{t(`${name}.effect`)}</p>
      <FormProblem form={form} error={error} again={submit} />
      <AreaField form={form} name="reason" label={t('reason')} rows={2} autoFocus />
      {before}
    </Sheet>
  )
}

/** Texts given with the same command before, to be taken with one tap. */
export function UsedBefore({ field, pick }: { field: 'hold_reason' | 'cancel_reason' | 'resolution'; pick: (text: string) => void }) {
  const { t } = useTranslation('work-order')
  const texts = useQuery(usedBeforeQuery(field)).data ?? []
  return <Suggestions label={t('used_before')} texts={texts} pick={pick} />
}
