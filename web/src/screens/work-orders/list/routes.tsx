import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../../shell/route'
import { readSearch } from './search'

export const workOrderListRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/work-orders',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./WorkOrders'), 'WorkOrders'),
  }),
] as const
