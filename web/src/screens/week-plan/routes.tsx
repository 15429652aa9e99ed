import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isDay, textParams } from '../../kit/filterValues'
import { shellRoute } from '../../shell/route'

export const planFilterKeys = ['location_id', 'asset_id', 'priority', 'type'] as const

/** The week plan as it stands in the address: the week by one of its days, and whether people without work are shown. */
export type WeekPlanSearch = Partial<Record<'week' | 'everybody' | (typeof planFilterKeys)[number], string>>

export const weekPlanRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/week-plan',
    validateSearch: (search: Record<string, unknown>): WeekPlanSearch => {
      const read = textParams(search, ['week', 'everybody', ...planFilterKeys])
      if (read.week && !isDay(read.week)) delete read.week
      return read
    },
    component: lazyRouteComponent(() => import('./WeekPlan'), 'WeekPlan'),
  }),
] as const
