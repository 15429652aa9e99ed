import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok, type Schemas } from '../../../api/client'
import { queries } from '../../../api/query'
import type { CommandName } from './commands'

export type WorkOrder = Schemas['WorkOrder']
export type WorkOrderCommandBody = Schemas['WorkOrderCommandBody']

/** One work order with the version that was read. */
export const workOrderQuery = (id: string) =>
  queryOptions({ queryKey: ['work-orders', 'one', id], queryFn: () => answered(api.GET('/v1/work-orders/{id}', { params: { path: { id } } })) })

/** Sends a command and shows its answer at once; lists follow by themselves. With a version, only for that one. */
export async function sendCommand(id: string, name: CommandName, body: WorkOrderCommandBody, key: string, version?: number): Promise<WorkOrder> {
  // All commands have the same body and answer; one path stands for them in the types.
  const path = `/v1/work-orders/{id}/${name}` as '/v1/work-orders/{id}/start'
  const result = await answered(api.POST(path, { params: { path: { id }, header: { 'Idempotency-Key': key, 'If-Match': version === undefined ? undefined : `"${version}"` } }, body }))
  queries.setQueryData(workOrderQuery(id).queryKey, result)
  return result.data
}

/** The asset of an order: its state of operation, its site. */
export const assetQuery = (id: string | undefined) =>
  queryOptions({ queryKey: ['assets', 'one', id, 'bare'], queryFn: () => ok(api.GET('/v1/assets/{id}', { params: { path: { id: id ?? '' } } })), enabled: Boolean(id) })

/** The latest downtime of an asset; an open one says since when it is down. */
export const downtimeQuery = (assetId: string | undefined) =>
  queryOptions({
    queryKey: ['assets', 'one', assetId, 'latest-downtime'],
    queryFn: async () => (await ok(api.GET('/v1/assets/{id}/downtimes', { params: { path: { id: assetId ?? '' }, query: { limit: 1 } } }))).items?.[0] ?? null,
    enabled: Boolean(assetId),
  })

export const laborQuery = (id: string) =>
  queryOptions({
    queryKey: ['work-orders', 'one', id, 'labor'],
    queryFn: async () => (await ok(api.GET('/v1/work-orders/{id}/labor', { params: { path: { id }, query: { limit: 200 } } }))).items ?? [],
  })

export const costsQuery = (id: string) =>
  queryOptions({
    queryKey: ['work-orders', 'one', id, 'costs'],
    queryFn: async () => (await ok(api.GET('/v1/work-orders/{id}/costs', { params: { path: { id }, query: { limit: 200 } } }))).items ?? [],
  })

export const filesQuery = (subject: 'work_order' | 'work_request', id: string) =>
  queryOptions({
    queryKey: ['attachments', subject, id],
    queryFn: async () => (await ok(api.GET('/v1/attachments', { params: { query: { subject_type: subject, subject_id: id, limit: 200, sort: '-created_at' } } }))).items ?? [],
  })

/** Texts that others gave with the same command before, the most used first. */
export const usedBeforeQuery = (field: 'hold_reason' | 'cancel_reason' | 'resolution') =>
  queryOptions({
    queryKey: ['work-orders', 'used-before', field],
    staleTime: 300_000,
    async queryFn() {
      const status = { hold_reason: ['on_hold'], cancel_reason: ['cancelled'], resolution: ['completed', 'closed'] }[field] as WorkOrder['status'][]
      const page = await ok(api.GET('/v1/work-orders', { params: { query: { status: status as never, limit: 100, sort: '-created_at' } } }))
      const times = new Map<string, number>()
      for (const order of page.items ?? []) {
        const text = order[field]
        if (text && text.length <= 60) times.set(text, (times.get(text) ?? 0) + 1)
      }
      return [...times].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([text]) => text)
    },
  })
