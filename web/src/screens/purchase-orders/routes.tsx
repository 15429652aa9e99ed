import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { purchaseOrderSearch } from './search'

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/purchase-orders',
  validateSearch: purchaseOrderSearch,
  component: lazyRouteComponent(() => import('./PurchaseOrders'), 'PurchaseOrders'),
})

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/purchase-orders/new',
  validateSearch: (search: Record<string, unknown>): { supplier_id?: string } => ({ supplier_id: text(search.supplier_id) }),
  component: lazyRouteComponent(() => import('./NewPurchaseOrder'), 'NewPurchaseOrder'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/purchase-orders/$orderId',
  component: lazyRouteComponent(() => import('./PurchaseOrderPage'), 'PurchaseOrderPage'),
})

const edit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/purchase-orders/$orderId/edit',
  component: lazyRouteComponent(() => import('./EditPurchaseOrder'), 'EditPurchaseOrder'),
})

export const purchaseOrderRoutes = [list, fresh, page, edit] as const
