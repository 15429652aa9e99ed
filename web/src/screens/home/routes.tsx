import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isDay } from '../../kit/filterValues'
import { shellRoute } from '../../shell/route'

export const homeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/',
    validateSearch: (search: Record<string, unknown>): { week?: string } => (typeof search.week === 'string' && isDay(search.week) ? { week: search.week } : {}),
    component: lazyRouteComponent(() => import('./Start'), 'Start'),
  }),
] as const
