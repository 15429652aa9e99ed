import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export const scanRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/scan',
    validateSearch: (search: Record<string, unknown>): { code?: string } => (typeof search.code === 'string' && search.code ? { code: search.code } : typeof search.code === 'number' ? { code: String(search.code) } : {}),
    component: lazyRouteComponent(() => import('./Scan'), 'Scan'),
  }),
  createRoute({ getParentRoute: () => shellRoute, path: '/a/$code', component: lazyRouteComponent(() => import('./Landing'), 'Landing') }),
] as const
