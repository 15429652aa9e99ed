import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'

export type Asset = Schemas['Asset']
export type Location = Schemas['Location']
export type Meter = Schemas['Meter']
export type MeterReading = Schemas['MeterReading']
export type Downtime = Schemas['Downtime']
export type Attachment = Schemas['Attachment']
export type Schedule = Schemas['MaintenanceSchedule']
export type WorkOrder = Schemas['WorkOrder']

export const assetQuery = (id: string) =>
  queryOptions({ queryKey: ['assets', id], queryFn: () => ok(api.GET('/v1/assets/{id}', { params: { path: { id } } })) })

export const locationQuery = (id: string) =>
  queryOptions({ queryKey: ['locations', id], queryFn: () => ok(api.GET('/v1/locations/{id}', { params: { path: { id } } })) })

export const metersQuery = (id: string) =>
  queryOptions({
    queryKey: ['meters', 'of', id],
    queryFn: async () => (await ok(api.GET('/v1/assets/{id}/meters', { params: { path: { id }, query: { limit: 200 } } }))).items ?? [],
  })

/** Readings of a meter since a time, oldest first; at most 1,000, the newest of them where there are more. */
export const readingsQuery = (id: string, from?: string) =>
  queryOptions({
    queryKey: ['meters', id, 'readings', from ?? ''],
    queryFn: async () => {
      const found: MeterReading[] = []
      let cursor: string | undefined
      do {
        const page = await ok(api.GET('/v1/meters/{id}/readings', { params: { path: { id }, query: { from, limit: 200, sort: '-read_at', cursor } } }))
        found.push(...(page.items ?? []))
        cursor = page.next_cursor
      } while (cursor && found.length < 1000)
      return found.reverse()
    },
    placeholderData: keepPreviousData,
  })

/** The newest 200 stops of an asset, newest first. */
export const downtimesQuery = (id: string) =>
  queryOptions({
    queryKey: ['assets', id, 'downtimes'],
    queryFn: async () => (await ok(api.GET('/v1/assets/{id}/downtimes', { params: { path: { id }, query: { limit: 200 } } }))).items ?? [],
  })

export const costsQuery = (id: string, from?: string, to?: string) =>
  queryOptions({
    queryKey: ['assets', id, 'costs', from ?? '', to ?? ''],
    queryFn: () => ok(api.GET('/v1/assets/{id}/costs', { params: { path: { id }, query: { from, to } } })),
    staleTime: 60_000,
  })

type WorkOrderFilter = { status?: WorkOrderStatus[]; limit: number; sort?: '-created_at' | 'due_on'; cursor?: string }
type WorkOrderStatus = 'waiting_approval' | 'approved' | 'waiting_material' | 'scheduled' | 'in_progress' | 'on_hold' | 'completed' | 'closed' | 'cancelled'

export const openStatuses: WorkOrderStatus[] = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold']

export const workQuery = (assetId: string, filter: WorkOrderFilter) =>
  queryOptions({
    queryKey: ['work-orders', 'of', assetId, filter],
    queryFn: () => ok(api.GET('/v1/work-orders', { params: { query: { asset_id: [assetId], count: 'capped', ...filter } } })),
  })

export const schedulesQuery = (assetId: string) =>
  queryOptions({
    queryKey: ['maintenance-schedules', 'of', assetId],
    queryFn: () => ok(api.GET('/v1/maintenance-schedules', { params: { query: { asset_id: [assetId], limit: 200, count: 'capped' } } })),
  })

export const documentsQuery = (assetId: string) =>
  queryOptions({
    queryKey: ['attachments', 'asset', assetId],
    queryFn: async () => (await ok(api.GET('/v1/attachments', { params: { query: { subject_type: 'asset', subject_id: assetId, limit: 200, sort: '-created_at' } } }))).items ?? [],
  })

type Ref = Schemas['Ref']

/** What an asset stands in, outermost first: its places, then the assets it is a part of. */
export const pathQuery = (id: string) =>
  queryOptions({
    queryKey: ['assets', id, 'path'],
    staleTime: 60_000,
    queryFn: async (): Promise<{ places: Ref[]; parents: Ref[] }> => {
      const parents: Ref[] = []
      let asset = await ok(api.GET('/v1/assets/{id}', { params: { path: { id } } }))
      while (asset.parent_id) {
        asset = await ok(api.GET('/v1/assets/{id}', { params: { path: { id: asset.parent_id } } }))
        parents.unshift({ id: asset.id, code: asset.code, name: asset.name })
      }
      return { places: await placesOf(asset.location_id), parents }
    },
  })

/** A place and all above it, outermost first. */
export async function placesOf(id: string): Promise<Ref[]> {
  const places: Ref[] = []
  let next: string | null | undefined = id
  while (next) {
    const place: Location = await ok(api.GET('/v1/locations/{id}', { params: { path: { id: next } } }))
    places.unshift({ id: place.id, code: place.code, name: place.name })
    next = place.parent_id
  }
  return places
}
