import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { AreaField, ChoiceField, DateField, DecimalField, FormProblem } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { today } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import type { Asset } from '../assets/queries'
import { RefField } from '../assets/RefField'
import type { RefValue } from '../assets/refs'
import { requestKeys } from './queries'

interface SheetProps {
  asset: Asset
  onClose: () => void
}

/** Asks for an asset to be handed over to another place, department or cost center. */
export function TransferSheet({ asset, onClose }: SheetProps) {
  const { t } = useTranslation('asset-requests')
  const navigate = useNavigate()
  const { zone } = usePlace(asset.site_id)
  const form = useFields({ to_location_id: null as RefValue | null, to_parent_id: null as RefValue | null, department_id: null as RefValue | null, cost_center_id: null as RefValue | null, on: '', reason: '' })
  const ask = useCommand((body: Schemas['CreateAssetTransferBody'], key: string) => ok(api.POST('/v1/asset-transfers', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: requestKeys,
    done: ({ id }) => void navigate({ to: '/asset-transfers/$requestId', params: { requestId: id } }),
  })
  const { to_location_id, to_parent_id, department_id, cost_center_id, on, reason } = form.values
  const send = () =>
    ask.mutate(
      { asset_id: asset.id, to_location_id: to_location_id?.id ?? '', to_parent_id: to_parent_id?.id, department_id: department_id?.id, cost_center_id: cost_center_id?.id, on: on || undefined, reason: reason.trim() },
      { onError: (error) => void form.refuse(error) },
    )
  return (
    <Sheet title={t('transfer.title', { code: asset.code })} onClose={onClose} submit={t('transfer.do')} onSubmit={send} busy={ask.isPending}>
      <FormProblem form={form} error={ask.error} again={send} />
      <RefField form={form} name="to_location_id" label={t('to')} kind="location" />
      <RefField form={form} name="to_parent_id" label={t('parent')} kind="asset" optional />
      <RefField form={form} name="department_id" label={t('department')} kind="department" optional help={t('same')} />
      <RefField form={form} name="cost_center_id" label={t('cost_center')} kind="cost_center" optional help={t('same')} />
      <DateField form={form} name="on" label={t('on')} min={today(zone)} optional help={t('on.help')} />
      <AreaField form={form} name="reason" label={t('reason')} rows={2} />
      {asset.has_children ? <p style={{ margin: 0 }}>{t('assets:move.with_parts')}</p> : null}
    </Sheet>
  )
}

/** Asks for an asset to be disposed of. */
export function DisposalSheet({ asset, onClose }: SheetProps) {
  const { t } = useTranslation('asset-requests')
  const navigate = useNavigate()
  const { zone, currency } = usePlace(asset.site_id)
  const form = useFields({ method: 'scrapped', proceeds: '', on: '', reason: '' })
  const ask = useCommand((body: Schemas['CreateAssetDisposalBody'], key: string) => ok(api.POST('/v1/asset-disposals', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: requestKeys,
    done: ({ id }) => void navigate({ to: '/asset-disposals/$requestId', params: { requestId: id } }),
  })
  const { method, proceeds, on, reason } = form.values
  const send = () =>
    ask.mutate(
      { asset_id: asset.id, method: method as Schemas['CreateAssetDisposalBody']['method'], proceeds: { amount: decimalOf(proceeds) || '0', currency }, on: on || undefined, reason: reason.trim() },
      { onError: (error) => void form.refuse(error) },
    )
  return (
    <Sheet title={t('disposal.title', { code: asset.code })} onClose={onClose} submit={t('disposal.do')} onSubmit={send} busy={ask.isPending} danger>
      <FormProblem form={form} error={ask.error} again={send} />
      <ChoiceField form={form} name="method" label={t('method')} choices={(['scrapped', 'sold', 'donated', 'returned'] as const).map((value) => ({ value, label: t(`method.${value}`) }))} />
      <DecimalField form={form} name="proceeds" label={t('proceeds')} unit={currency} optional />
      <DateField form={form} name="on" label={t('on')} min={today(zone)} optional help={t('on.help')} />
      <AreaField form={form} name="reason" label={t('reason')} rows={2} />
    </Sheet>
  )
}
