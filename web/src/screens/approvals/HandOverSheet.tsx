import { useTranslation } from 'react-i18next'
import { AreaField, FormProblem } from '../../kit/Fields'
import { type Person, PeopleField } from '../../kit/PeopleField'
import { Sheet } from '../../kit/Sheet'
import { useFields } from '../../kit/useFields'
import { useRefusal } from '../work-orders/detail/CommandSheet'

interface HandOverSheetProps {
  error: Error | null
  busy: boolean
  onClose: () => void
  send: (to: string, reason: string) => void
}

/** Hands the question to a colleague. */
export function HandOverSheet({ error, busy, onClose, send }: HandOverSheetProps) {
  const { t } = useTranslation('approval')
  const form = useFields({ to: [] as Person[], reason: '' })
  useRefusal(form, error)
  const [person] = form.values.to.slice(-1)
  const submit = () => send(person?.id ?? '', form.values.reason.trim())
  return (
    <Sheet title={t('do.delegate')} submit={t('delegate.submit')} onSubmit={submit} onClose={onClose} busy={busy}>
      <p>{t('delegate.effect')}</p>
      <FormProblem form={form} error={error} again={submit} />
      <PeopleField form={form} name="to" label={t('delegate.to')} autoFocus />
      <AreaField form={form} name="reason" label={t('delegate.reason')} rows={2} />
    </Sheet>
  )
}
