import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { api, ok, type Schemas } from '../../../api/client'
import { usePlace, useSite } from '../../../api/me'
import { capped } from '../../../kit/figures'
import { usePages } from '../../../kit/usePages'
import { queryOf, sortOf, type WorkOrderQuery, type WorkOrderSearch } from './search'

export type WorkOrder = Schemas['WorkOrder']

/** What the address says, and a way to change it. Changes of filters replace, opening and views go into the history. */
export function useWorkOrderSearch() {
  const search = useSearch({ from: '/shell/work-orders' })
  const navigate = useNavigate({ from: '/work-orders' })
  const change = (changed: Partial<WorkOrderSearch>, replace = true) => void navigate({ search: (old: WorkOrderSearch) => ({ ...old, ...changed }), replace })
  return { search, change }
}

/** What the server is asked: only of the chosen site, unless a place is asked for. */
export function useQuestion(): (search: WorkOrderSearch) => WorkOrderQuery {
  const site = useSite()
  return (search) => queryOf(site && !search.location_id ? { ...search, location_id: site.id } : search)
}

const pageSize = 200

/** The work orders of the list, page by page. */
export function useWorkOrderPages(search: WorkOrderSearch) {
  const ask = useQuestion()
  const query: WorkOrderQuery = { ...ask(search), sort: sortOf(search) as WorkOrderQuery['sort'], limit: pageSize }
  return usePages<WorkOrder>(['work-orders', 'list', query], (cursor, signal) => ok(api.GET('/v1/work-orders', { params: { query: { ...query, cursor } }, signal })))
}

/** How many work orders a question finds, as it is written: «128», «10,000+»; undefined while not known. */
export function useWorkOrderCount(search: WorkOrderSearch): string | undefined {
  const { locale } = usePlace()
  const ask = useQuestion()
  const query: WorkOrderQuery = { ...ask(search), limit: 1, count: 'capped' }
  const total = useQuery({
    queryKey: ['work-orders', 'count', query],
    queryFn: () => ok(api.GET('/v1/work-orders', { params: { query } })),
    placeholderData: keepPreviousData,
    select: (page) => page.total,
  }).data
  return capped(total, locale)
}
