import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from './client'

export type Dashboard = Schemas['Dashboard']
export type Figures = Schemas['DashboardFigures']
export type Need = Schemas['DashboardNeed']

/** What waits for the reader and how the plant does, of a site or of all, the figures at the end of a day or now; a part that he may not read is absent. */
export const dashboardQuery = (siteId?: string, until?: string) =>
  queryOptions({ queryKey: ['dashboard', siteId ?? '', until ?? ''], queryFn: () => ok(api.GET('/v1/dashboard', { params: { query: { location_id: siteId, until } } })), staleTime: 30_000 })
