import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { policySearch } from './search'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/approval-policies',
  validateSearch: policySearch,
  component: lazyRouteComponent(() => import('./Policies'), 'Policies'),
})

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/approval-policies/new',
  component: lazyRouteComponent(() => import('./PolicyPage'), 'NewPolicy'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/approval-policies/$policyId',
  component: lazyRouteComponent(() => import('./PolicyPage'), 'PolicyPage'),
})

export const approvalPolicyRoutes = [list, fresh, page] as const
