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

const onTheWay = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stock-transfers',
  component: lazyRouteComponent(() => import('../stock/OnTheWay'), 'OnTheWayPage'),
})

export const itemRoutes = [list, page, onTheWay] as const
