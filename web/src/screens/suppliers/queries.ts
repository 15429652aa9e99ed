import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'

export type Supplier = Schemas['Supplier']
export type CatalogEntry = Schemas['CatalogEntry']

export const supplierQuery = (id: string) => queryOptions({ queryKey: ['suppliers', id], queryFn: () => ok(api.GET('/v1/suppliers/{id}', { params: { path: { id } } })) })

/** What a supplier asks for its items. */
export const supplierPricesQuery = (id: string) =>
  queryOptions({
    queryKey: ['catalog-entries', 'of supplier', id],
    queryFn: async () => (await ok(api.GET('/v1/catalog-entries', { params: { query: { supplier_id: [id], limit: 200, sort: 'item' } } }))).items ?? [],
  })

/** The newest orders to a supplier. */
export const supplierOrdersQuery = (id: string) =>
  queryOptions({
    queryKey: ['purchase-orders', 'of supplier', id],
    queryFn: async () => (await ok(api.GET('/v1/purchase-orders', { params: { query: { supplier_id: [id], limit: 20, sort: '-created_at' } } }))).items ?? [],
  })
