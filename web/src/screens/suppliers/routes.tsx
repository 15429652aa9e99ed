import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { supplierSearch } from './search'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/suppliers',
  validateSearch: supplierSearch,
  component: lazyRouteComponent(() => import('./Suppliers'), 'Suppliers'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/suppliers/$supplierId',
  component: lazyRouteComponent(() => import('./SupplierPage'), 'SupplierPage'),
})

export const supplierRoutes = [list, page] as const
