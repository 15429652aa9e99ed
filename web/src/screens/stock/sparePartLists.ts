import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok } from '../../api/client'
import type { ListOf, SparePart, SparePartBody } from './spareParts'

/** What a change of a list changes. */
export const sparePartKeys = ['spare-parts']

async function read({ list, id }: ListOf) {
  const params = { params: { path: { id } } }
  const { data, etag } = await (list === 'asset' ? answered(api.GET('/v1/assets/{id}/spare-parts', params)) : answered(api.GET('/v1/asset-templates/{id}/spare-parts', params)))
  return { items: data.items ?? [], etag: etag ?? '' }
}

/** What belongs into an asset, by code: its own list, and what its template says of other items. Of a template: its list. */
export const sparePartsQuery = (of: ListOf) => queryOptions({ queryKey: ['spare-parts', 'of', of.list, of.id], queryFn: async () => (await read(of)).items })

/** Changes a list as it stands at the server now; what others wrote meanwhile is refused. */
export async function changeList(of: ListOf, lines: (now: SparePart[]) => SparePartBody[]) {
  const { items, etag } = await read(of)
  const call = { params: { path: { id: of.id }, header: { 'If-Match': etag } }, body: { items: lines(items) } }
  return of.list === 'asset' ? ok(api.PUT('/v1/assets/{id}/spare-parts', call)) : ok(api.PUT('/v1/asset-templates/{id}/spare-parts', call))
}
