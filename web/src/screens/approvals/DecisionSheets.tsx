import { useTranslation } from 'react-i18next'
import { AreaField, FormProblem } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useFields } from '../../kit/useFields'
import { useRefusal } from '../work-orders/detail/CommandSheet'
import type { Approval, Decision } from './approval'
import { type Person, PersonField } from './PersonField'

interface SheetProps {
  approval: Approval
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (decision: Decision) => void
}

/** Asks for the reason, which who asked gets to read. */
export function RejectSheet({ approval, error, busy, onClose, send }: SheetProps) {
  const { t } = useTranslation('approvals')
  const form = useFields({ comment: '' })
  useRefusal(form, error)
  const submit = () => send({ command: 'reject', comment: form.values.comment.trim() })
  return (
    <Sheet title={t('reject.title')} submit={t('do.reject')} onSubmit={submit} onClose={onClose} busy={busy} danger>
      <p>{t(`reject.${approval.subject.type}`)}</p>
      <FormProblem form={form} error={error} again={submit} />
      <AreaField form={form} name="comment" label={t('comment.why')} rows={3} autoFocus />
    </Sheet>
  )
}

/** Gives this one question to a colleague. */
export function DelegateSheet({ error, busy, onClose, send }: SheetProps) {
  const { t } = useTranslation('approvals')
  const form = useFields({ to: null as Person | null, reason: '' })
  useRefusal(form, error)
  const submit = () => send({ command: 'delegate', to: form.values.to?.id ?? '', reason: form.values.reason.trim() })
  return (
    <Sheet title={t('delegate.title')} submit={t('delegate.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <p>{t('delegate.effect')}</p>
      <FormProblem form={form} error={error} again={submit} />
      <PersonField form={form} name="to" label={t('delegate.to')} autoFocus />
      <AreaField form={form} name="reason" label={t('delegate.reason')} rows={2} />
    </Sheet>
  )
}
