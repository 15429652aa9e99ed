import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { readApprovals } from './search'

export const approvalRoutes = [
  createRoute({ getParentRoute: () => shellRoute, path: '/approvals', validateSearch: readApprovals, component: lazyRouteComponent(() => import('./Approvals'), 'Approvals') }),
  createRoute({ getParentRoute: () => shellRoute, path: '/approvals/$id', component: lazyRouteComponent(() => import('./ApprovalPage'), 'ApprovalPage') }),
] as const
