import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { scheduleSearch } from './search'

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/schedules',
  validateSearch: scheduleSearch,
  component: lazyRouteComponent(() => import('./Schedules'), 'Schedules'),
})

export interface NewScheduleSearch {
  /** What the schedule is for, where it was begun from its page. */
  asset_id?: string
  location_id?: string
}

const fresh = createRoute({
  getParentRoute: () => shellRoute,
  path: '/schedules/new',
  validateSearch: (search: Record<string, unknown>): NewScheduleSearch => ({ asset_id: text(search.asset_id), location_id: text(search.location_id) }),
  component: lazyRouteComponent(() => import('./NewSchedule'), 'NewSchedule'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/schedules/$scheduleId',
  component: lazyRouteComponent(() => import('./SchedulePage'), 'SchedulePage'),
})

const edit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/schedules/$scheduleId/edit',
  component: lazyRouteComponent(() => import('./EditSchedule'), 'EditSchedule'),
})

export const scheduleRoutes = [list, fresh, page, edit] as const
