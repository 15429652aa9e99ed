import { api, ok } from '../../api/client'
import type { Picked, PickedItem } from './picked'
import { pickedItem } from './units'

export interface Source<P extends Picked> {
  /** The noun of its path, by which live events refresh it. */
  noun: string
  name: string
  find: (q: string | undefined) => Promise<P[]>
}

const few = { limit: 20, sort: 'code' as const }

export const items: Source<PickedItem> = {
  noun: 'items',
  name: 'items',
  find: async (q) => ((await ok(api.GET('/v1/items', { params: { query: { ...few, q } } }))).items ?? []).map(pickedItem),
}

const stockIn = (name: string, kind: ('storeroom' | 'bin' | 'receiving')[]): Source<Picked> => ({
  noun: 'locations',
  name,
  find: async (q) => ((await ok(api.GET('/v1/locations', { params: { query: { ...few, q, kind } } }))).items ?? []).map(({ id, code, name: words, parent }) => ({ id, code, name: words, place: parent?.name })),
})

/** Storerooms, bins and where deliveries are received: where stock lies. */
export const storerooms = stockIn('storerooms', ['storeroom', 'bin', 'receiving'])

/** Storerooms and bins: where stock is kept, once it was put away. */
export const shelves = stockIn('shelves', ['storeroom', 'bin'])

export const places: Source<Picked> = {
  noun: 'locations',
  name: 'places',
  find: async (q) => ((await ok(api.GET('/v1/locations', { params: { query: { ...few, q } } }))).items ?? []).map(({ id, code, name, parent }) => ({ id, code, name, place: parent?.name })),
}

/** Work orders that something can be issued to. */
export const workOrders: Source<Picked> = {
  noun: 'work-orders',
  name: 'not over',
  find: async (q) =>
    (
      (await ok(
        api.GET('/v1/work-orders', {
          params: { query: { q, limit: 20, sort: '-created_at', status: ['approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold', 'completed'] } },
        }),
      )).items ?? []
    ).map(({ id, number, title, location }) => ({ id, code: number, name: title, place: location?.name })),
}

export const suppliers: Source<Picked> = {
  noun: 'suppliers',
  name: 'suppliers',
  find: async (q) => ((await ok(api.GET('/v1/suppliers', { params: { query: { ...few, q } } }))).items ?? []).map(({ id, code, name }) => ({ id, code, name })),
}

export const costCenters: Source<Picked> = {
  noun: 'cost-centers',
  name: 'cost centers',
  find: async (q) => ((await ok(api.GET('/v1/cost-centers', { params: { query: { ...few, q } } }))).items ?? []).map(({ id, code, name }) => ({ id, code, name })),
}
