import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export const myWorkRoutes = [createRoute({ getParentRoute: () => shellRoute, path: '/my-work', component: lazyRouteComponent(() => import('./MyWork'), 'MyWork') })] as const
