import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../../api/client'
import type { ListOf, SparePart, SparePartBody } from './spareParts'

/** What a change of a list changes. */
export const sparePartKeys = ['spare-parts']

const read = async ({ list, id }: ListOf) => {
  const params = { params: { path: { id } } }
  const { items } = await (list === 'asset' ? ok(api.GET('/v1/assets/{id}/spare-parts', params)) : ok(api.GET('/v1/asset-templates/{id}/spare-parts', params)))
  return items ?? []
}

/** What belongs into an asset, by code: its own list, and what its template says of other items. */
export const sparePartsQuery = (assetId: string) => queryOptions({ queryKey: ['spare-parts', 'of asset', assetId], queryFn: () => read({ list: 'asset', id: assetId }) })

/** Changes a list as it stands at the server now, so that what others wrote meanwhile stays. */
export async function changeList(of: ListOf, lines: (now: SparePart[]) => SparePartBody[]) {
  const call = { params: { path: { id: of.id } }, body: { items: lines(await read(of)) } }
  return of.list === 'asset' ? ok(api.PUT('/v1/assets/{id}/spare-parts', call)) : ok(api.PUT('/v1/asset-templates/{id}/spare-parts', call))
}
