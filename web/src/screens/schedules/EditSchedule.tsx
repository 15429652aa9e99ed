import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Failed, Loading } from '../../kit/ScreenStates'
import { draftOf } from './draft'
import { Editor } from './Editor'
import { scheduleQuery } from './queries'

const route = getRouteApi('/shell/schedules/$scheduleId/edit')

/** A stored schedule in the editor. */
export function EditSchedule() {
  const { scheduleId } = route.useParams()
  const read = useQuery(scheduleQuery(scheduleId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  // Another schedule is another form; the same one keeps what was typed while its record is read again.
  return <Editor key={scheduleId} begin={draftOf(read.data.data)} stored={read.data} />
}
