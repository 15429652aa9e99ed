import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../api/client'

/** What work is for: an asset, or a location. */
export interface WorkPlace {
  kind: 'asset' | 'location'
  id: string
  code: string
  name: string
  /** Where it stands. */
  place?: string
  siteId?: string
}

/** Assets and locations whose code, name or serial number hold a text; no assets for who may not read them. */
export async function findPlaces(q: string | undefined, assets: boolean): Promise<WorkPlace[]> {
  const [some, locations] = await Promise.all([
    assets ? ok(api.GET('/v1/assets', { params: { query: { q, limit: 12 } } })) : undefined,
    ok(api.GET('/v1/locations', { params: { query: { q, limit: 6 } } })),
  ])
  return [
    ...(some?.items ?? []).map(({ id, code, name, location, site_id }) => ({ kind: 'asset' as const, id, code, name, place: location?.name, siteId: site_id })),
    ...(locations.items ?? []).map(({ id, code, name, parent, site_id }) => ({ kind: 'location' as const, id, code, name, place: parent?.name, siteId: site_id })),
  ]
}

/** One asset or location as a place. */
export const placeQuery = (kind: WorkPlace['kind'], id: string) =>
  queryOptions({
    queryKey: [kind === 'asset' ? 'assets' : 'locations', id, 'place'],
    async queryFn(): Promise<WorkPlace> {
      if (kind === 'asset') {
        const { code, name, location, site_id } = await ok(api.GET('/v1/assets/{id}', { params: { path: { id } } }))
        return { kind, id, code, name, place: location?.name, siteId: site_id }
      }
      const { code, name, parent, site_id } = await ok(api.GET('/v1/locations/{id}', { params: { path: { id } } }))
      return { kind, id, code, name, place: parent?.name, siteId: site_id }
    },
  })
