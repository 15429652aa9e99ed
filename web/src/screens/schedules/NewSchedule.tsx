import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { usePlace } from '../../api/me'
import { today } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { emptyDraft } from './draft'
import { Editor } from './Editor'
import { placeQuery } from '../../kit/places'

const route = getRouteApi('/shell/schedules/new')

/** A schedule that does not exist yet. */
export function NewSchedule() {
  const { asset_id, location_id } = route.useSearch()
  const { zone } = usePlace()
  const id = asset_id ?? location_id
  const place = useQuery({ ...placeQuery(asset_id ? 'asset' : 'location', id ?? ''), enabled: id !== undefined })
  if (place.error) return <Failed error={place.error} retry={() => void place.refetch()} page />
  if (id && !place.data) return <Loading />
  return <Editor begin={emptyDraft(today(zone), place.data ?? null)} />
}
