import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { textParams } from '../../kit/filterValues'
import { shellRoute } from '../../shell/route'

/** What the list of meters shows; it stands in the address. `round` is the list with a field in each row. */
export type MeterSearch = Partial<Record<'saved' | 'q' | 'location_id' | 'kind' | 'sort' | 'round', string>>

export const meterRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/meters',
    validateSearch: (search: Record<string, unknown>): MeterSearch => textParams(search, ['saved', 'q', 'location_id', 'kind', 'sort', 'round']),
    component: lazyRouteComponent(() => import('./Meters'), 'Meters'),
  }),
] as const
