import { api, ok } from '../../../api/client'
import { Composer } from '../../../kit/Composer'

/** Comments on a work order. */
export function OrderComposer({ orderId }: { orderId: string }) {
  return (
    <Composer
      subject={{ type: 'work_order', id: orderId }}
      post={(text, key) => ok(api.POST('/v1/work-orders/{id}/comments', { params: { path: { id: orderId }, header: { 'Idempotency-Key': key } }, body: { text } }))}
      refresh="work-orders"
    />
  )
}
