import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../../api/client'
import { queries } from '../../../api/query'
import { Code } from '../../../kit/Code'
import { FormProblem } from '../../../kit/Fields'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { Stale } from '../../../kit/Stale'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { type Asset, assetQuery } from '../queries'
import { AssetFields } from './AssetFields'
import { AssetForm } from './AssetForm'
import { changedBody, differences, valuesOf } from './values'

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
  const [theirs, setTheirs] = useState<Asset>()
  const form = useFields(valuesOf(base))
  const back = () => void navigate({ to: '/assets/$assetId', params: { assetId: base.id }, search: {} })

  const change = useCommand(
    ({ body, version }: { body: Schemas['AssetPatch']; version: number }) =>
      ok(api.PATCH('/v1/assets/{id}', { params: { path: { id: base.id }, header: { 'If-Match': `"${version}"` } }, body })),
    {
      refresh: ['assets'],
      done: () => void navigate({ to: '/assets/$assetId', params: { assetId: base.id }, search: {}, ignoreBlocker: true }),
    },
  )

  async function failed(error: Error) {
    if (error instanceof Problem && error.status === 412) setTheirs(await queries.fetchQuery({ ...assetQuery(base.id), staleTime: 0 }))
    else form.refuse(error)
  }
  const save = (from: Asset = base) => change.mutate({ body: changedBody(valuesOf(base), form.values), version: from.version }, { onError: (error) => void failed(error) })

  function keepMine() {
    if (!theirs) return
    setTheirs(undefined)
    save(theirs)
  }
  function takeTheirs() {
    if (!theirs) return
    setBase(theirs)
    form.reset(valuesOf(theirs))
    setTheirs(undefined)
    change.reset()
  }

  return (
    <AssetForm
      title={
        <>
          <Code>{base.code}</Code> {base.name}
        </>
      }
      dirty={form.dirty}
      busy={change.isPending}
      submit={t('common:save')}
      onSubmit={() => (form.dirty ? save() : back())}
      onCancel={back}
    >
      {theirs ? (
        <Stale
          at={theirs.updated_at}
          fields={differences(valuesOf(base), form.values, valuesOf(theirs)).map(({ key, mine, theirs: now, own }) => ({ name: key, label: t(`label.${key}`), mine, now, own }))}
          onKeep={keepMine}
          onDrop={takeTheirs}
        />
      ) : (
        <FormProblem form={form} error={change.error} again={() => save()} />
      )}
      <AssetFields form={form} isNew={false} />
    </AssetForm>
  )
}
