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

const retention = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/retention-runs',
  component: lazyRouteComponent(() => import('./Retention'), 'Retention'),
})

const retentionRun = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/retention-runs/$runId',
  component: lazyRouteComponent(() => import('./RetentionPage'), 'RetentionPage'),
})

const files = createRoute({
  getParentRoute: () => shellRoute,
  path: '/admin/file-runs',
  component: lazyRouteComponent(() => import('./FileRuns'), 'FileRuns'),
})

export const backupRoutes = [backups, drills, drill, retention, retentionRun, files] as const
