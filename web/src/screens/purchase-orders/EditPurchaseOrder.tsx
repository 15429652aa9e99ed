import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { draftOf, linesOf } from './draft'
import { aboutOrder, OrderForm } from './OrderForm'
import { purchaseKeys, type PurchaseOrder, purchaseOrderQuery } from './queries'

const route = getRouteApi('/shell/purchase-orders/$orderId/edit')

/** Changes an order. What was submitted or sent becomes its next revision. */
export function EditPurchaseOrder() {
  const { orderId } = route.useParams()
  const read = useQuery(purchaseOrderQuery(orderId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Edit key={orderId} order={read.data.data} etag={read.data.etag} />
}

function Edit(props: { order: PurchaseOrder; etag: string | null }) {
  // The version that was read when the form began: a live change of the order must not slip under what is typed.
  const [{ order, etag }] = useState(props)
  const { t } = useTranslation('purchasing')
  const navigate = useNavigate()
  const form = useFields(draftOf(order))
  const back = () => void navigate({ to: '/purchase-orders/$orderId', params: { orderId: order.id } })
  const change = useCommand(
    (body: Schemas['ChangePurchaseOrderBody']) => ok(api.PATCH('/v1/purchase-orders/{id}', { params: { path: { id: order.id }, header: { 'If-Match': etag ?? '' } }, body })),
    { refresh: purchaseKeys, done: () => void navigate({ to: '/purchase-orders/$orderId', params: { orderId: order.id }, ignoreBlocker: true }) },
  )
  const send = () => (form.dirty ? change.mutate({ note: form.values.note.trim(), lines: linesOf(form.values) }, { onError: (error) => void form.refuse(aboutOrder(error)) }) : back())
  return <OrderForm form={form} title={t('order.edit', { number: order.number })} submit={t('common:save')} busy={change.isPending} error={change.error} onSubmit={send} onCancel={back} fixed />
}
