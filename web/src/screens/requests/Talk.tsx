import { useQuery } from '@tanstack/react-query'
import { IconMessage, IconMessageReport, IconPhoto } from '@tabler/icons-react'
import { Trans, useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Composer } from '../../kit/Composer'
import type { Attachment } from '../../kit/sendFile'
import { lookOf } from '../../kit/states'
import { Timeline, type TimelineEntry } from '../../kit/Timeline'
import { photoGroups } from '../work-orders/detail/OrderTimeline'
import { Pictures } from '../work-orders/detail/Pictures'
import type { WorkRequest } from './request'

/** What was said about a request since it was reported, and saying more. */
export function Talk({ request, files }: { request: WorkRequest; files: Attachment[] }) {
  const { t } = useTranslation('work-request')
  const may = useMay()
  const place = usePlace()
  const comments = useQuery({
    queryKey: ['work-requests', 'one', request.id, 'comments'],
    queryFn: async () => (await ok(api.GET('/v1/work-requests/{id}/comments', { params: { path: { id: request.id }, query: { limit: 200, sort: '-created_at' } } }))).items ?? [],
  })
  const icon = { size: 15, stroke: 1.75 }
  const bold = { b: <b /> }
  const entries: TimelineEntry[] = (comments.data ?? []).map((comment) => ({
    id: comment.id,
    at: comment.created_at,
    mark: <IconMessage {...icon} />,
    title: <Trans t={t} i18nKey="event.comment" values={{ who: comment.author.name }} components={bold} />,
    said: comment.text,
  }))
  for (const group of photoGroups(files)) {
    entries.push({ id: group.id, at: group.at, mark: <IconPhoto {...icon} />, title: t(group.pictures ? 'work-order:event.pictures' : 'work-order:event.files', { count: group.files.length }), below: <Pictures files={group.files} /> })
  }
  if (request.decided_at) {
    const [glyph, tone] = lookOf('work_request', request.status)
    entries.push({ id: 'decided', at: request.decided_at, mark: { glyph, tone }, title: t(`states:work_request.${request.status}`), detail: request.reject_reason })
  }
  entries.push({ id: 'reported', at: request.created_at, mark: <IconMessageReport {...icon} />, title: <Trans t={t} i18nKey="event.reported" values={{ who: request.requested_by?.name }} components={bold} /> })
  entries.sort((a, b) => (a.at < b.at ? 1 : -1))
  return (
    <>
      <Timeline entries={entries} place={place} runWords={() => ''} />
      {may('work_requests.create') ? (
        <Composer
          subject={{ type: 'work_request', id: request.id }}
          post={(text, key) => ok(api.POST('/v1/work-requests/{id}/comments', { params: { path: { id: request.id }, header: { 'Idempotency-Key': key } }, body: { text } }))}
          refresh="work-requests"
        />
      ) : null}
    </>
  )
}
