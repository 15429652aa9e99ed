import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { FormProblem, TextField } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { type StockMovement, stockKeys } from './queries'

/** Takes a movement back by one with the other sign. */
export function ReverseSheet({ movement, onClose }: { movement: StockMovement; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const form = useFields({ reason: '' })
  const reverse = useCommand(
    (body: { reason: string }, key: string) => ok(api.POST('/v1/stock-movements/{id}/reverse', { params: { path: { id: movement.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: stockKeys, done: onClose },
  )
  const send = () => reverse.mutate({ reason: form.values.reason.trim() }, { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('reverse.title')} onClose={onClose} submit={t('reverse.do')} onSubmit={send} busy={reverse.isPending} danger>
      <FormProblem form={form} error={reverse.error} again={send} />
      <p style={{ margin: 0 }}>{t('reverse.help')}</p>
      <TextField form={form} name="reason" label={t('reason')} autoFocus />
    </Sheet>
  )
}
