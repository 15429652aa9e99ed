import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { ChoiceField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { quantity } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { PickField } from './PickField'
import { type Picked, pickedOf } from './picked'
import { type StockTransfer, stockKeys } from './queries'
import { storerooms } from './sources'
import { stepBody, type TransferStep, transferSteps } from './transfers'

/** Says what became of something on the way: it came, goes back, is missing or broke. */
export function TransferSheet({ transfer, onClose }: { transfer: StockTransfer; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const { locale } = usePlace()
  const form = useFields<{ step: string; quantity: string; location_id: Picked | null; reason: string }>({ step: 'receive', quantity: transfer.open, location_id: pickedOf(transfer.to_location), reason: '' })
  const { step } = form.values
  const post = useCommand(
    (body: Schemas['StockTransferStepBody'], key: string) => ok(api.POST(`/v1/stock-transfers/{id}/${step as TransferStep}`, { params: { path: { id: transfer.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['stock-transfers', ...stockKeys], done: onClose },
  )
  const send = () => post.mutate(stepBody(step, form.values), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('transfer.title', { number: transfer.number })} onClose={onClose} submit={t(`transfer.${step}`)} onSubmit={send} busy={post.isPending}>
      <FormProblem form={form} error={post.error} again={send} />
      <ChoiceField form={form} name="step" label={t('movement.kind')} choices={transferSteps.map((value) => ({ value, label: t(`transfer.${value}`) }))} />
      <DecimalField form={form} name="quantity" label={t('quantity')} unit={transfer.unit} help={t('transfer.open', { open: quantity(transfer.open, locale), quantity: quantity(transfer.quantity, locale) })} />
      {step === 'receive' ? <PickField form={form} name="location_id" label={t('movement.into')} source={storerooms} /> : null}
      <TextField form={form} name="reason" label={t('reason')} optional={step === 'receive'} />
    </Sheet>
  )
}
