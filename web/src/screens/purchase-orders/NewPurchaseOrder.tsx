import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { pickedOf } from '../stock/picked'
import { supplierQuery } from '../suppliers/queries'
import { type Draft, emptyLine, linesOf } from './draft'
import { aboutOrder, OrderForm } from './OrderForm'
import { purchaseKeys } from './queries'

const route = getRouteApi('/shell/purchase-orders/new')

/** A new purchase order, where the address says so already for its supplier. */
export function NewPurchaseOrder() {
  const { t } = useTranslation('purchasing')
  const navigate = useNavigate()
  const { supplier_id } = route.useSearch()
  const { currency } = usePlace()
  const form = useFields<Draft>({ supplier_id: null, currency, note: '', lines: [emptyLine()] })
  const supplier = useQuery({ ...supplierQuery(supplier_id ?? ''), enabled: supplier_id !== undefined }).data
  useEffect(() => {
    if (supplier) form.reset({ ...form.values, supplier_id: pickedOf(supplier) })
    // Only what the address points to begins the form anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [supplier])
  const create = useCommand((body: Schemas['CreatePurchaseOrderBody'], key: string) => ok(api.POST('/v1/purchase-orders', { body, headers: { 'Idempotency-Key': key } })), {
    refresh: purchaseKeys,
    done: (order) => void navigate({ to: '/purchase-orders/$orderId', params: { orderId: order.id }, ignoreBlocker: true }),
  })
  const send = () => {
    const { supplier_id: chosen, currency: money, note } = form.values
    create.mutate({ supplier_id: chosen?.id ?? '', currency: money.trim().toUpperCase(), note: note.trim() || undefined, lines: linesOf(form.values) }, { onError: (error) => void form.refuse(aboutOrder(error)) })
  }
  return <OrderForm form={form} title={t('order.new')} submit={t('order.create')} busy={create.isPending} error={create.error} onSubmit={send} onCancel={() => void navigate({ to: '/purchase-orders' })} />
}
