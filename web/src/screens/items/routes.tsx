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

const putAways = createRoute({
  getParentRoute: () => shellRoute,
  path: '/put-away',
  component: lazyRouteComponent(() => import('../stock/PutAways'), 'PutAways'),
})

export const itemRoutes = [list, page, onTheWay, putAways] as const
