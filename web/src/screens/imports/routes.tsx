import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { type Kind, kinds } from './fields'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  component: lazyRouteComponent(() => import('./Imports'), 'Imports'),
})

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/new',
  validateSearch: (search: Record<string, unknown>): { kind?: Kind } => ({ kind: kinds.find((kind) => kind === search.kind) }),
  component: lazyRouteComponent(() => import('./NewImport'), 'NewImport'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/$importId',
  component: lazyRouteComponent(() => import('./ImportPage'), 'ImportPage'),
})

export const importRoutes = [list, fresh, page] as const
