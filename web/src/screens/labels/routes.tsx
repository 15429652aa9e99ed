import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { type LabelSize, labelSizes } from './sizes'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

export const labelRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/labels',
    validateSearch: (search: Record<string, unknown>): { assets?: string; location_id?: string; size?: LabelSize } => ({
      assets: text(search.assets),
      location_id: text(search.location_id),
      size: labelSizes.find((size) => size === search.size),
    }),
    component: lazyRouteComponent(() => import('./Labels'), 'Labels'),
  }),
] as const
