import { useQuery } from '@tanstack/react-query'
import { placeQuery, type WorkPlace } from './places'

/** The asset or location of an address, `asset_id` before `location_id`; undefined while it is read, null where none is named. */
export function usePlaceById({ asset_id, location_id }: { asset_id?: string; location_id?: string }): WorkPlace | null | undefined {
  const id = asset_id ?? location_id
  const found = useQuery({ ...placeQuery(asset_id ? 'asset' : 'location', id ?? ''), enabled: Boolean(id) })
  if (!id) return null
  return found.error ? null : found.data
}
