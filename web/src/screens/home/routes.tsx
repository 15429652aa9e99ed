import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export const homeRoutes = [
  createRoute({ getParentRoute: () => shellRoute, path: '/', component: lazyRouteComponent(() => import('./Start'), 'Start') }),
] as const
