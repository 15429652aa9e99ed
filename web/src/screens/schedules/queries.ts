import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok } from '../../api/client'
import type { Draft } from './draft'
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
