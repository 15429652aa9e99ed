import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

export const systemRoutes = [createRoute({ getParentRoute: () => shellRoute, path: '/admin/ops', component: lazyRouteComponent(() => import('./System'), 'System') })] as const
