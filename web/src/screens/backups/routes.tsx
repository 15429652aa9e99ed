import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'

const backups = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/backups',
  component: lazyRouteComponent(() => import('./Backups'), 'Backups'),
})

const drills = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/restore-drills',
  component: lazyRouteComponent(() => import('./Drills'), 'Drills'),
})

const drill = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/restore-drills/$drillId',
  component: lazyRouteComponent(() => import('./DrillPage'), 'DrillPage'),
})

export const backupRoutes = [backups, drills, drill] as const
