import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { itemSearch } from './search'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/items',
  validateSearch: itemSearch,
  component: lazyRouteComponent(() => import('./Items'), 'Items'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/items/$itemId',
  component: lazyRouteComponent(() => import('./ItemPage'), 'ItemPage'),
})

export const itemRoutes = [list, page] as const
