import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/route'
import { templateSearch } from './search'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-templates',
  validateSearch: templateSearch,
  component: lazyRouteComponent(() => import('./AssetTemplates'), 'AssetTemplates'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/asset-templates/$templateId',
  component: lazyRouteComponent(() => import('./AssetTemplatePage'), 'AssetTemplatePage'),
})

export const assetTemplateRoutes = [list, page] as const
