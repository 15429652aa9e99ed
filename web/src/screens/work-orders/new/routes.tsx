import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../../shell/route'

/** What the work is for, where the form is opened from an asset or a location. */
export interface ForPlace {
  asset_id?: string
  location_id?: string
}

export const readPlace = (search: Record<string, unknown>): ForPlace => ({
  ...(typeof search.asset_id === 'string' ? { asset_id: search.asset_id } : {}),
  ...(typeof search.location_id === 'string' ? { location_id: search.location_id } : {}),
})

export const newWorkOrderRoutes = [
  createRoute({ getParentRoute: () => shellRoute, path: '/work-orders/new', validateSearch: readPlace, component: lazyRouteComponent(() => import('./NewWorkOrder'), 'NewWorkOrder') }),
] as const
