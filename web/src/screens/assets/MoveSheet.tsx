import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { AreaField, FormProblem } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import type { Asset } from './queries'
import { RefField } from './RefField'
import { refOf, type RefValue } from './refs'

interface Values {
  location_id: RefValue | null
  parent_id: RefValue | null
  reason: string
}

/** Moves an asset with its parts to another place, or into another asset. */
export function MoveSheet({ asset: read, onClose }: { asset: Asset; onClose: () => void }) {
  const { t } = useTranslation('assets')
  // As it was when the form began: a live change must not slip under what is typed.
  const [asset] = useState(read)
  const form = useFields<Values>({ location_id: refOf(asset.location), parent_id: refOf(asset.parent), reason: '' })
  const move = useCommand(
    ({ location_id, parent_id, reason }: Values, key: string) =>
      ok(
        api.POST('/v1/assets/{id}/move', {
          params: { path: { id: asset.id }, header: { 'Idempotency-Key': key, 'If-Match': `"${asset.version}"` } },
          body: { location_id: location_id?.id ?? '', parent_id: parent_id?.id ?? null, reason },
        }),
      ),
    { refresh: ['assets', 'locations'], done: onClose },
  )
  const send = () => move.mutate(form.values, { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('move.title', { code: asset.code })} onClose={onClose} submit={t('move')} onSubmit={send} busy={move.isPending}>
      <FormProblem form={form} error={move.error} again={send} />
      <RefField form={form} name="location_id" label={t('move.to')} kind="location" />
      <RefField form={form} name="parent_id" label={t('fact.part_of')} kind="asset" optional />
      <AreaField form={form} name="reason" label={t('reason')} rows={2} />
      {asset.has_children ? <p style={{ margin: 0 }}>{t('move.with_parts')}</p> : null}
    </Sheet>
  )
}
