import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export const profileRoutes = [createRoute({ getParentRoute: () => shellRoute, path: '/me', component: lazyRouteComponent(() => import('./Profile'), 'Profile') })] as const
