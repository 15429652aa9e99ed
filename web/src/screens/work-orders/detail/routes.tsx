import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../../shell/route'
import { detailTab, type DetailTab } from './tabs'

export const workOrderPageRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/work-orders/$id',
    validateSearch: (search: Record<string, unknown>): { part?: DetailTab } => {
      const part = detailTab(search.part)
      return part ? { part } : {}
    },
    component: lazyRouteComponent(() => import('./WorkOrderPage'), 'WorkOrderPage'),
  }),
] as const
