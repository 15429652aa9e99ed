import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import type { Grouping } from './plant'

export interface AssetsSearch {
  /** How the tree is grouped; by place where it is left out. */
  by?: Exclude<Grouping, 'place'>
  /** What is looked for in the tree's field. */
  find?: string
}

const frame = createRoute({
  getParentRoute: () => shellRoute,
  path: '/assets',
  validateSearch: (search: Record<string, unknown>): AssetsSearch => ({
    by: search.by === 'category' ? 'category' : undefined,
    find: typeof search.find === 'string' && search.find ? search.find : undefined,
  }),
  component: lazyRouteComponent(() => import('./AssetsFrame'), 'AssetsFrame'),
})

export const tabs = ['overview', 'work', 'schedules', 'meters', 'costs', 'downtime', 'documents', 'audit'] as const
export type AssetTab = (typeof tabs)[number]

export interface AssetSearch {
  tab?: Exclude<AssetTab, 'overview'>
}

const page = createRoute({
  getParentRoute: () => frame,
  path: '/$assetId',
  validateSearch: (search: Record<string, unknown>): AssetSearch => ({ tab: tabs.find((tab) => tab !== 'overview' && tab === search.tab) as AssetSearch['tab'] }),
  component: lazyRouteComponent(() => import('./AssetPage'), 'AssetPage'),
})

export const assetRoutes = [frame.addChildren([page])] as const
