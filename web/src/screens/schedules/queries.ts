import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok } from '../../api/client'
import type { Draft, Place } from './draft'
import { bodyOf } from './draft'

/** A schedule with its ETag. */
export const scheduleQuery = (id: string) =>
  queryOptions({ queryKey: ['maintenance-schedules', id], queryFn: () => answered(api.GET('/v1/maintenance-schedules/{id}', { params: { path: { id } } })) })

/** The due dates that a draft would have, up to a day. Stores nothing. */
export const previewQuery = (draft: Draft, until: string) => {
  // A title is asked for by the API and changes no date.
  const body = { ...bodyOf(draft), title: '-', job_plan_id: undefined, estimated_cost: undefined, planned_hours: undefined }
  return queryOptions({
    queryKey: ['maintenance-schedules', 'preview', body, until],
    queryFn: async ({ signal }) => (await ok(api.POST('/v1/maintenance-schedules/preview', { params: { query: { until } }, body, signal }))).items ?? [],
    staleTime: 60_000,
  })
}

/** The due dates of a stored schedule that are open or to come. */
export const forecastQuery = (id: string, until: string) =>
  queryOptions({
    queryKey: ['maintenance-schedules', id, 'forecast', until],
    queryFn: async () => (await ok(api.GET('/v1/maintenance-schedules/{id}/forecast', { params: { path: { id }, query: { until } } }))).items ?? [],
  })

/** The counting meters of an asset. */
export const metersQuery = (assetId: string) =>
  queryOptions({
    queryKey: ['meters', 'of', assetId],
    queryFn: async () => ((await ok(api.GET('/v1/assets/{id}/meters', { params: { path: { id: assetId }, query: { limit: 100 } } }))).items ?? []).filter(({ kind }) => kind === 'continuous'),
  })

export const jobPlansQuery = queryOptions({
  queryKey: ['job-plans', 'all'],
  queryFn: async () => (await ok(api.GET('/v1/job-plans', { params: { query: { limit: 200 } } }))).items ?? [],
  staleTime: 300_000,
})

/** Assets and locations whose code, name or serial number hold a text. */
export async function findPlaces(q: string | undefined, assets: boolean): Promise<Place[]> {
  const [some, locations] = await Promise.all([
    assets ? ok(api.GET('/v1/assets', { params: { query: { q, limit: 12 } } })) : undefined,
    ok(api.GET('/v1/locations', { params: { query: { q, limit: 6 } } })),
  ])
  return [
    ...(some?.items ?? []).map(({ id, code, name, location, site_id }) => ({ kind: 'asset' as const, id, code, name, at: location?.name, siteId: site_id })),
    ...(locations.items ?? []).map(({ id, code, name, parent, site_id }) => ({ kind: 'location' as const, id, code, name, at: parent?.name, siteId: site_id })),
  ]
}

/** The place that an address names, for a schedule begun from its page. */
export const placeQuery = (kind: Place['kind'], id: string) =>
  queryOptions({
    queryKey: [kind === 'asset' ? 'assets' : 'locations', id, 'place'],
    async queryFn(): Promise<Place> {
      if (kind === 'asset') {
        const { code, name, location, site_id } = await ok(api.GET('/v1/assets/{id}', { params: { path: { id } } }))
        return { kind, id, code, name, at: location?.name, siteId: site_id }
      }
      const { code, name, parent, site_id } = await ok(api.GET('/v1/locations/{id}', { params: { path: { id } } }))
      return { kind, id, code, name, at: parent?.name, siteId: site_id }
    },
  })

export interface OccurrenceQuestion {
  sort?: 'due_on' | '-due_on'
  status?: ('forecast' | 'due' | 'generated' | 'suppressed' | 'skipped' | 'missed' | 'completed' | 'cancelled')[]
  limit?: number
  cursor?: string
  count?: 'capped'
}

/** What became of a schedule's due dates. */
export const occurrencesQuery = (id: string, query: OccurrenceQuestion) =>
  queryOptions({
    queryKey: ['maintenance-schedules', id, 'occurrences', query],
    queryFn: () => ok(api.GET('/v1/maintenance-schedules/{id}/occurrences', { params: { path: { id }, query } })),
  })
