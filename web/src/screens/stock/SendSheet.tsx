import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { PickField } from './PickField'
import type { Picked } from './picked'
import { type Item, stockKeys } from './queries'
import { storerooms } from './sources'
import { sendBody, type SendValues } from './transfers'
import { UnitField } from './UnitField'
import { unitsOf } from './units'

/** Sends stock of an item to another storeroom: it is on the way until it is received there. */
export function SendSheet({ item, from, onClose }: { item: Item; from: Picked | null; onClose: () => void }) {
  const { t } = useTranslation('stock')
  const form = useFields<SendValues>({ location_id: from, to_location_id: null, quantity: '', unit: item.unit, lot: '', serial: '', reason: '' })
  const post = useCommand((body: Schemas['StockTransferBody'], key: string) => ok(api.POST('/v1/stock-transfers', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: ['stock-transfers', ...stockKeys],
    done: onClose,
  })
  const send = () => post.mutate(sendBody(item, form.values), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('send.title', { code: item.code })} onClose={onClose} submit={t('send.do')} onSubmit={send} busy={post.isPending}>
      <FormProblem form={form} error={post.error} again={send} />
      <p style={{ margin: 0 }}>{t('send.help')}</p>
      <PickField form={form} name="location_id" label={t('movement.from')} source={storerooms} />
      <PickField form={form} name="to_location_id" label={t('movement.to')} source={storerooms} />
      {item.tracking === 'serial' ? <TextField form={form} name="serial" label={t('serial')} /> : <DecimalField form={form} name="quantity" label={t('quantity')} unit={form.values.unit} />}
      <UnitField form={form} units={unitsOf(item)} />
      {item.tracking === 'lot' ? <TextField form={form} name="lot" label={t('lot')} /> : null}
      <TextField form={form} name="reason" label={t('reason')} optional />
    </Sheet>
  )
}
