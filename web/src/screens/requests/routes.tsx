import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { readPlace } from '../work-orders/new/routes'
import { readRequests } from './search'

export const requestRoutes = [
  createRoute({ getParentRoute: () => shellRoute, path: '/requests', validateSearch: readRequests, component: lazyRouteComponent(() => import('./Requests'), 'Requests') }),
  createRoute({ getParentRoute: () => shellRoute, path: '/requests/new', validateSearch: readPlace, component: lazyRouteComponent(() => import('./ReportForm'), 'ReportForm') }),
  createRoute({ getParentRoute: () => shellRoute, path: '/requests/$id', component: lazyRouteComponent(() => import('./RequestPage'), 'RequestPage') }),
] as const
