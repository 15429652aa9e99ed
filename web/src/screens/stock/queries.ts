import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok, type Schemas } from '../../api/client'
import type { PurchaseOrderStatus } from '../purchase-orders/search'

export type Item = Schemas['Item']
export type ItemStock = Schemas['ItemStock']
export type StockMovement = Schemas['StockMovement']
export type StockTransfer = Schemas['StockTransfer']
export type PutAway = Schemas['PutAway']
export type Reservation = Schemas['Reservation']

/** What a movement of stock changes. */
export const stockKeys = ['items', 'stock-movements', 'reservations', 'spare-parts', 'work-orders']

/** An item with its ETag. */
export const itemQuery = (id: string) => queryOptions({ queryKey: ['items', id], queryFn: () => answered(api.GET('/v1/items/{id}', { params: { path: { id } } })) })

export const itemStockQuery = (id: string) => queryOptions({ queryKey: ['items', id, 'stock'], queryFn: () => ok(api.GET('/v1/items/{id}/stock', { params: { path: { id } } })) })

/** What is held or waited for of an item. */
export const itemReservationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['reservations', 'of item', id],
    queryFn: async () => (await ok(api.GET('/v1/reservations', { params: { query: { item_id: [id], status: ['reserved', 'backordered'], limit: 200, sort: 'created_at' } } }))).items ?? [],
  })

/** What a work order reserves, the first asked first. */
export const orderReservationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['reservations', 'of work order', id],
    queryFn: async () => (await ok(api.GET('/v1/work-orders/{id}/reservations', { params: { path: { id }, query: { limit: 200, sort: 'created_at' } } }))).items ?? [],
  })

/** Orders to suppliers, the newest first, of which something has still to come or all. */
export const ordersQuery = (of: { item_id?: string[]; work_order_id?: string[] }, status?: PurchaseOrderStatus[]) =>
  queryOptions({
    queryKey: ['purchase-orders', 'of', of, status],
    queryFn: async () => (await ok(api.GET('/v1/purchase-orders', { params: { query: { ...of, status, limit: 50, sort: '-created_at' } } }))).items ?? [],
  })

export const openOrdersQuery = (of: { item_id?: string[] }) => ordersQuery(of, ['draft', 'pending_approval', 'rejected', 'approved', 'sent', 'partially_received'])

/** What suppliers ask for an item. */
export const itemPricesQuery = (id: string) =>
  queryOptions({
    queryKey: ['catalog-entries', 'of item', id],
    queryFn: async () => (await ok(api.GET('/v1/catalog-entries', { params: { query: { item_id: [id], limit: 200 } } }))).items ?? [],
  })

/** What is to be put away; a movement of stock changes it. */
export const putAwayKey = ['stock-movements', 'put away'] as const

/** What of an item is to be put away, the oldest first. */
export const putAwaysOfQuery = (itemId: string) =>
  queryOptions({
    queryKey: [...putAwayKey, itemId],
    queryFn: async () => (await ok(api.GET('/v1/put-aways', { params: { query: { item_id: [itemId], limit: 1 } } }))).items ?? [],
  })

/** What is on the way between storerooms: of one item, or all of it. */
export const onTheWayQuery = (itemId?: string) =>
  queryOptions({
    queryKey: ['stock-transfers', 'on the way', itemId ?? ''],
    queryFn: async () => (await ok(api.GET('/v1/stock-transfers', { params: { query: { status: ['in_transit'], item_id: itemId ? [itemId] : undefined, limit: 200 } } }))).items ?? [],
  })
