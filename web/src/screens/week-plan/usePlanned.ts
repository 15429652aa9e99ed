import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'
import { useMay } from '../../api/me'
import type { WorkOrderQuery } from '../work-orders/list/search'

export type WorkOrder = Schemas['WorkOrder']

const pageSize = 200
const mostPages = 5

/** All orders of a question up to a thousand, and whether there are more. */
async function readAll(query: WorkOrderQuery, signal: AbortSignal): Promise<{ orders: WorkOrder[]; more: boolean }> {
  const orders: WorkOrder[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await ok(api.GET('/v1/work-orders', { params: { query: { ...query, limit: pageSize, cursor } }, signal }))
    orders.push(...(page.items ?? []))
    cursor = page.next_cursor || undefined
    if (!cursor) break
  }
  return { orders, more: cursor !== undefined }
}

const notCancelled: WorkOrderQuery['status'] = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold', 'completed', 'closed']

/** The orders that are planned for days from and to, both included. */
export const usePlanned = (from: string, to: string, conditions: WorkOrderQuery) => {
  const query: WorkOrderQuery = { status: notCancelled, ...conditions, start_from: from, start_to: to, sort: 'due_on' }
  return useQuery({ queryKey: ['work-orders', 'planned', query], queryFn: ({ signal }) => readAll(query, signal), placeholderData: keepPreviousData })
}

/** Open orders that are due on days from and to and are planned for no day yet. */
export const useDueUnplanned = (from: string, to: string, conditions: WorkOrderQuery) => {
  const query: WorkOrderQuery = { status: ['waiting_approval', 'approved', 'waiting_material', 'in_progress', 'on_hold'], ...conditions, due_from: from, due_to: to, sort: 'due_on' }
  return useQuery({
    queryKey: ['work-orders', 'due', query],
    queryFn: ({ signal }) => readAll(query, signal),
    select: ({ orders, more }) => ({ orders: orders.filter((order) => !order.start_on), more }),
    placeholderData: keepPreviousData,
  })
}

/** The first orders that could be planned and have no day, by due date, and how many there are. */
export const useUnplanned = (conditions: WorkOrderQuery) => {
  const query: WorkOrderQuery = { status: ['approved', 'waiting_material'], ...conditions, sort: 'due_on', limit: 50, count: 'capped' }
  return useQuery({ queryKey: ['work-orders', 'unplanned', query], queryFn: () => ok(api.GET('/v1/work-orders', { params: { query } })), placeholderData: keepPreviousData })
}

/** Hours planned against the hours that people work, on days from and to, both included; refreshed with the orders. */
export const crewLoadQuery = (from: string, to: string, places: string[] | undefined) =>
  queryOptions({
    queryKey: ['work-orders', 'crew-load', from, to, places ?? []],
    queryFn: () => ok(api.GET('/v1/crew-load', { params: { query: { from, to, location_id: places } } })),
    placeholderData: keepPreviousData,
  })

/** The people that work can be given to, by name. */
export const usePeople = () => {
  const may = useMay()
  return useQuery({ queryKey: ['people', 'all'], queryFn: () => ok(api.GET('/v1/people', { params: { query: { limit: 200 } } })), enabled: may('people.read'), staleTime: 300_000 }).data?.items ?? []
}
