import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { textParams } from '../../kit/filterValues'
import { shellRoute } from '../../shell/route'

/** What the list of users shows; it stands in the address. */
export type UsersSearch = Partial<Record<'saved' | 'q' | 'role' | 'sort', string>>

const users = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/users',
  validateSearch: (search: Record<string, unknown>): UsersSearch => textParams(search, ['saved', 'q', 'role', 'sort']),
  component: lazyRouteComponent(() => import('./Users'), 'Users'),
})

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/users/new',
  component: lazyRouteComponent(() => import('./UserPage'), 'NewUser'),
})

const user = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/users/$userId',
  component: lazyRouteComponent(() => import('./UserPage'), 'UserPage'),
})

const tokens = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/api-tokens',
  component: lazyRouteComponent(() => import('./Tokens'), 'Tokens'),
})

/** What is shown of the permission matrix. */
export type RolesSearch = Partial<Record<'role' | 'q', string>>

const matrix = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/roles',
  validateSearch: (search: Record<string, unknown>): RolesSearch => textParams(search, ['role', 'q']),
  component: lazyRouteComponent(() => import('./Roles'), 'Roles'),
})

const tenant = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/tenant',
  component: lazyRouteComponent(() => import('./Tenant'), 'Tenant'),
})

export const adminRoutes = [users, fresh, user, matrix, tokens, tenant] as const
