import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { queries } from '../../../api/query'
import { Code } from '../../../kit/Code'
import { FormProblem } from '../../../kit/Fields'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useStale } from '../../../kit/useStale'
import { type Asset, assetQuery } from '../queries'
import { AssetFields } from './AssetFields'
import { AssetForm } from './AssetForm'
import { type AssetValues, changedBody, meant, valuesOf } from './values'

const route = getRouteApi('/shell/assets/$assetId/edit')

/** Changes an asset. Somebody who was faster is shown field by field; nothing typed is lost. */
export function EditAsset() {
  const { assetId } = route.useParams()
  const asset = useQuery(assetQuery(assetId))
  if (asset.isPending) return <Loading />
  if (asset.isError) return <Failed error={asset.error} retry={() => void asset.refetch()} page />
  return <Edit key={assetId} first={asset.data} />
}

function Edit({ first }: { first: Asset }) {
  const { t } = useTranslation('assets')
  const navigate = route.useNavigate()
  // The version that was read when the form began, or that the person chose to build on.
  const [base, setBase] = useState(first)
  const begun = valuesOf(base)
  const form = useFields(begun)
  const back = () => void navigate({ to: '/assets/$assetId', params: { assetId: base.id }, search: {} })

  const save = useCommand(
    ({ values, from = base }: { values: AssetValues; from?: Asset }) =>
      ok(api.PATCH('/v1/assets/{id}', { params: { path: { id: base.id }, header: { 'If-Match': `"${from.version}"` } }, body: changedBody(valuesOf(from), values) })),
    {
      refresh: ['assets'],
      done: () => void navigate({ to: '/assets/$assetId', params: { assetId: base.id }, search: {}, ignoreBlocker: true }),
    },
  )
  const stale = useStale({
    form,
    begun,
    save,
    begin(from, sent) {
      setBase(from)
      form.reset(valuesOf(from), sent)
    },
    read: () => queries.fetchQuery({ ...assetQuery(base.id), staleTime: 0 }),
    valuesOf,
    changedAt: (now) => now.updated_at,
    label: (name) => t(`label.${name}`),
    meant: (value) => meant(value as AssetValues[keyof AssetValues]),
  })
  const send = () => stale.put(form.values, base)

  return (
    <AssetForm
      title={
        <>
          <Code>{base.code}</Code> {base.name}
        </>
      }
      dirty={form.dirty}
      busy={save.isPending}
      submit={t('common:save')}
      onSubmit={() => (form.dirty ? send() : back())}
      onCancel={back}
    >
      {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
      <AssetFields form={form} isNew={false} />
    </AssetForm>
  )
}
