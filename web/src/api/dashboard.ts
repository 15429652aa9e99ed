import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from './client'

export type Dashboard = Schemas['Dashboard']

/** What waits for the reader; a part that he may not read is absent. */
export const dashboardQuery = queryOptions({ queryKey: ['dashboard'], queryFn: () => ok(api.GET('/v1/dashboard')), staleTime: 30_000 })
