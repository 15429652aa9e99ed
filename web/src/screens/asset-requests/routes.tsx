import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { requestSearch } from './search'

const transfers = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-transfers',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./AssetRequests'), 'Transfers'),
})

const transfer = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-transfers/$requestId',
  component: lazyRouteComponent(() => import('./AssetRequestPage'), 'TransferPage'),
})

const disposals = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-disposals',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./AssetRequests'), 'Disposals'),
})

const disposal = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-disposals/$requestId',
  component: lazyRouteComponent(() => import('./AssetRequestPage'), 'DisposalPage'),
})

export const assetRequestRoutes = [transfers, transfer, disposals, disposal] as const
