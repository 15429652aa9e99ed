import { useQuery } from '@tanstack/react-query'
import { api, ok } from '../api/client'
import type { WorkPlace } from './PlaceField'

/** The asset or location of an address, `asset_id` before `location_id`; undefined while it is read, null where none is named. */
export function usePlaceById({ asset_id, location_id }: { asset_id?: string; location_id?: string }): WorkPlace | null | undefined {
  const found = useQuery({
    queryKey: [asset_id ? 'assets' : 'locations', 'place', asset_id ?? location_id],
    enabled: Boolean(asset_id ?? location_id),
    async queryFn(): Promise<WorkPlace> {
      if (asset_id) {
        const { id, code, name, location } = await ok(api.GET('/v1/assets/{id}', { params: { path: { id: asset_id } } }))
        return { kind: 'asset', id, code, name, place: location?.name }
      }
      const { id, code, name, parent } = await ok(api.GET('/v1/locations/{id}', { params: { path: { id: location_id ?? '' } } }))
      return { kind: 'location', id, code, name, place: parent?.name }
    },
  })
  if (!asset_id && !location_id) return null
  return found.error ? null : found.data
}
