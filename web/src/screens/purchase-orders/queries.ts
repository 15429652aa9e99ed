import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok, type Schemas } from '../../api/client'

export type PurchaseOrder = Schemas['PurchaseOrder']
export type PurchaseOrderLine = Schemas['PurchaseOrderLine']
export type SupplierInvoice = Schemas['SupplierInvoice']

/** What a command of an order changes. */
export const purchaseKeys = ['purchase-orders', 'goods-receipts', 'supplier-invoices', 'items', 'stock-movements', 'reservations', 'work-orders', 'assets']

/** An order with its ETag. */
export const purchaseOrderQuery = (id: string) =>
  queryOptions({ queryKey: ['purchase-orders', id], queryFn: () => answered(api.GET('/v1/purchase-orders/{id}', { params: { path: { id } } })) })

export const receiptsQuery = (id: string) =>
  queryOptions({
    queryKey: ['goods-receipts', 'of', id],
    queryFn: async () => (await ok(api.GET('/v1/goods-receipts', { params: { query: { purchase_order_id: [id], limit: 200, sort: '-posted_at' } } }))).items ?? [],
  })

/** The invoices of an order with their lines, newest first. */
export const invoicesQuery = (id: string) =>
  queryOptions({
    queryKey: ['supplier-invoices', 'of', id],
    queryFn: async () => {
      const found = (await ok(api.GET('/v1/supplier-invoices', { params: { query: { purchase_order_id: [id], limit: 50, sort: '-created_at' } } }))).items ?? []
      return Promise.all(found.map((invoice) => ok(api.GET('/v1/supplier-invoices/{id}', { params: { path: { id: invoice.id } } }))))
    },
  })
