import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { AreaField, DateField, FormProblem } from '../../../kit/Fields'
import { today } from '../../../kit/figures'
import { type Person, PeopleField } from '../../../kit/PeopleField'
import { Sheet } from '../../../kit/Sheet'
import { useFields } from '../../../kit/useFields'
import { useRefusal } from '../detail/CommandSheet'
import type { WorkOrderCommandBody } from '../detail/order'
import type { BulkName } from './bulk'

interface BulkSheetProps {
  name: BulkName
  /** How many orders it is asked of. */
  count: number
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (body: WorkOrderCommandBody) => void
}

/** What a command of many orders asks for before it is sent: the same for all of them. */
export function BulkSheet({ name, count, error, busy, onClose, send }: BulkSheetProps) {
  const { t } = useTranslation('work-order-list')
  const { t: words } = useTranslation('work-order')
  const { zone } = usePlace()
  const form = useFields({ start_on: '', assignee_ids: [] as Person[], reason: '' })
  useRefusal(form, error)
  const { start_on, assignee_ids, reason } = form.values
  const people = assignee_ids.map(({ id }) => id)
  const body = (): WorkOrderCommandBody => {
    if (name === 'schedule') return { start_on: start_on || undefined, assignee_ids: people }
    return name === 'assign' ? { assignee_ids: people } : { reason: reason.trim() }
  }
  const submit = () => send(body())
  const title = t('bulk.all', { act: t(`bulk.${name}`), count })
  return (
    <Sheet title={title} submit={title} onSubmit={submit} onClose={onClose} busy={busy} danger={name === 'cancel'}>
      {name === 'hold' || name === 'cancel' || name === 'reopen' ? <p>{words(`${name}.effect`)}</p> : null}
      <FormProblem form={form} error={error} again={submit} />
      {name === 'schedule' ? (
        <>
          <DateField form={form} name="start_on" label={words('plan.day')} min={today(zone)} autoFocus />
          <PeopleField form={form} name="assignee_ids" label={words('plan.people')} optional help={words('assign.help')} />
        </>
      ) : name === 'assign' ? (
        <PeopleField form={form} name="assignee_ids" label={words('plan.people')} help={words('assign.help')} autoFocus />
      ) : (
        <AreaField form={form} name="reason" label={words('reason')} rows={2} autoFocus />
      )}
    </Sheet>
  )
}
