import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { useMay } from '../../../api/me'
import { RecordNumber } from '../../../kit/Code'
import { Go } from '../../../kit/Go'
import type { WorkPlace } from '../../../kit/places'
import { StateGlyph } from '../../../kit/State'
import classes from './OpenHere.module.css'

const openOrders = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold'] as const

/** Orders and requests that are open at a place, so that nobody asks for the same twice. Nothing where nothing is open. */
export function OpenHere({ place, except }: { place: Pick<WorkPlace, 'kind' | 'id' | 'code'> | null; except?: string }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const at = place ? { [place.kind === 'asset' ? 'asset_id' : 'location_id']: [place.id] } : {}
  const orders = useQuery({
    queryKey: ['work-orders', 'open-at', at],
    queryFn: () => ok(api.GET('/v1/work-orders', { params: { query: { ...at, status: [...openOrders], limit: 8 } } })),
    enabled: Boolean(place) && may('work_orders.read'),
  }).data?.items
  const requests = useQuery({
    queryKey: ['work-requests', 'open-at', at],
    queryFn: () => ok(api.GET('/v1/work-requests', { params: { query: { ...at, status: ['new'], limit: 8 } } })),
    enabled: Boolean(place) && may('work_requests.read'),
  }).data?.items?.filter(({ id }) => id !== except)
  if (!place || !(orders?.length || requests?.length)) return null
  return (
    <aside className={classes.here} aria-label={t('here.title', { code: place.code })}>
      <h2>{t('here.title', { code: place.code })}</h2>
      <ul>
        {orders?.map((order) => (
          <li key={order.id}>
            <Go href={`/work-orders/${order.id}`}>
              <StateGlyph noun="work_order" state={order.status} />
              <RecordNumber value={order.number} short />
              <span>{order.title}</span>
            </Go>
          </li>
        ))}
        {requests?.map((request) => (
          <li key={request.id}>
            <Go href={`/requests/${request.id}`}>
              <StateGlyph noun="work_request" state={request.status} />
              <RecordNumber value={request.number} short />
              <span>{request.title}</span>
            </Go>
          </li>
        ))}
      </ul>
    </aside>
  )
}
