import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { readListSearch } from './list/search'
import type { Grouping } from './plant'

export interface AssetsSearch {
  /** How the tree is grouped; by place where it is left out. */
  by?: Exclude<Grouping, 'place'>
  /** What is looked for in the tree's field. */
  find?: string
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

const frame = createRoute({
  getParentRoute: () => shellRoute,
  path: '/assets',
  validateSearch: (search: Record<string, unknown>): AssetsSearch => ({ by: search.by === 'category' ? 'category' : undefined, find: text(search.find) }),
  component: lazyRouteComponent(() => import('./AssetsFrame'), 'AssetsFrame'),
})

const list = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import('./list/AssetList'), 'AssetList'),
})

const create = createRoute({
  getParentRoute: () => frame,
  path: '/new',
  validateSearch: (search: Record<string, unknown>): { location_id?: string; parent_id?: string } => ({ location_id: text(search.location_id), parent_id: text(search.parent_id) }),
  component: lazyRouteComponent(() => import('./form/NewAsset'), 'NewAsset'),
})

export const tabs = ['overview', 'work', 'schedules', 'meters', 'spare-parts', 'costs', 'downtime', 'documents', 'audit'] as const
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

const edit = createRoute({
  getParentRoute: () => frame,
  path: '/$assetId/edit',
  component: lazyRouteComponent(() => import('./form/EditAsset'), 'EditAsset'),
})

export const assetRoutes = [frame.addChildren([list, create, page, edit])] as const
