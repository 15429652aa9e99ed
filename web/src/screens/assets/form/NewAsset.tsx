import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { FormProblem } from '../../../kit/Fields'
import { useBegin } from '../../../kit/useBegin'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { assetQuery, locationQuery } from '../queries'
import { refOf } from '../refs'
import { AssetFields } from './AssetFields'
import { AssetForm } from './AssetForm'
import { newBody, noValues } from './values'

const route = getRouteApi('/shell/assets/new')

/** A new asset, where the address says so already at its place or as a part of another. */
export function NewAsset() {
  const { t } = useTranslation('assets')
  const navigate = route.useNavigate()
  const { location_id, parent_id } = route.useSearch()
  const form = useFields(noValues)
  useBegin(form, 'code')
  const place = useQuery({ ...locationQuery(location_id ?? ''), enabled: location_id !== undefined }).data
  const parent = useQuery({ ...assetQuery(parent_id ?? ''), enabled: parent_id !== undefined }).data
  useEffect(() => {
    const at = parent ? refOf(parent.location) : refOf(place)
    if (at) form.reset({ ...noValues, location_id: at, parent_id: refOf(parent) })
    // Only what the address points to begins the form anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [place, parent])

  const create = useCommand((body: Schemas['AssetBody'], key: string) => ok(api.POST('/v1/assets', { body, headers: { 'Idempotency-Key': key } })), {
    refresh: ['assets'],
    done: (asset) => {
      form.reset(form.values)
      void navigate({ to: '/assets/$assetId', params: { assetId: asset.id }, search: {}, ignoreBlocker: true })
    },
  })
  const send = () => create.mutate(newBody(form.values), { onError: (error) => void form.refuse(error) })
  return (
    <AssetForm title={t('new')} dirty={form.dirty} busy={create.isPending} submit={t('form.create')} onSubmit={send} onCancel={() => void navigate({ to: '/assets' })}>
      <FormProblem form={form} error={create.error} again={send} />
      <AssetFields form={form} isNew />
    </AssetForm>
  )
}
