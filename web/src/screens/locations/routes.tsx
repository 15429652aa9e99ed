import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export interface LocationsSearch {
  /** The location that is shown. */
  id?: string
  /** A new one below this location, or at the top. */
  below?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

export const locationRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/admin/locations',
    validateSearch: (search: Record<string, unknown>): LocationsSearch => ({ id: text(search.id), below: text(search.below) }),
    component: lazyRouteComponent(() => import('./Locations'), 'Locations'),
  }),
] as const
