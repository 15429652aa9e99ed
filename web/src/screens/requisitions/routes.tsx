import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { requisitionSearch, wantedSearch } from './search'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/requisitions',
  validateSearch: requisitionSearch,
  component: lazyRouteComponent(() => import('./Requisitions'), 'Requisitions'),
})

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/requisitions/new',
  validateSearch: wantedSearch,
  component: lazyRouteComponent(() => import('./NewRequisition'), 'NewRequisition'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/requisitions/$requisitionId',
  component: lazyRouteComponent(() => import('./RequisitionPage'), 'RequisitionPage'),
})

export const requisitionRoutes = [list, fresh, page] as const
