import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export interface InboxSearch {
  /** Unread ones where it is left out. */
  show?: 'all'
}

export const inboxRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/inbox',
    validateSearch: (search: Record<string, unknown>): InboxSearch => (search.show === 'all' ? { show: 'all' } : {}),
    component: lazyRouteComponent(() => import('./Inbox'), 'Inbox'),
  }),
] as const
