import { createRouter } from '@tanstack/react-router'
import { queries } from './api/query'
import { Loading } from './kit/ScreenStates'
import { adminRoutes } from './screens/admin/routes'
import { approvalPolicyRoutes } from './screens/approval-policies/routes'
import { approvalRoutes } from './screens/approvals/routes'
import { assetRequestRoutes } from './screens/asset-requests/routes'
import { assetTemplateRoutes } from './screens/asset-templates/routes'
import { assetRoutes } from './screens/assets/routes'
import { auditRoutes } from './screens/audit/routes'
import { exportRoutes } from './screens/exports/routes'
import { homeRoutes } from './screens/home/routes'
import { importRoutes } from './screens/imports/routes'
import { itemRoutes } from './screens/items/routes'
import { purchaseOrderRoutes } from './screens/purchase-orders/routes'
import { supplierRoutes } from './screens/suppliers/routes'
import { profileRoutes } from './screens/profile/routes'
import { labelRoutes } from './screens/labels/routes'
import { locationRoutes } from './screens/locations/routes'
import { scanRoutes } from './screens/scan/routes'
import { requisitionRoutes } from './screens/requisitions/routes'
import { requestRoutes } from './screens/requests/routes'
import { scheduleRoutes } from './screens/schedules/routes'
import { inboxRoutes } from './screens/inbox/routes'
import { backupRoutes } from './screens/backups/routes'
import { systemRoutes } from './screens/system/routes'
import { signInRoute } from './screens/sign-in/routes'
import { meterRoutes } from './screens/meters/routes'
import { myWorkRoutes } from './screens/my-work/routes'
import { weekPlanRoutes } from './screens/week-plan/routes'
import { workOrderPageRoutes } from './screens/work-orders/detail/routes'
import { newWorkOrderRoutes } from './screens/work-orders/new/routes'
import { workOrderListRoutes } from './screens/work-orders/list/routes'
import { missingRoute, rootRoute, shellRoute } from './shell/route'

// Each screen folder lists its own routes; one line a folder here.
const tree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    ...adminRoutes,
    ...approvalPolicyRoutes,
    ...approvalRoutes,
    ...assetRequestRoutes,
    ...assetRoutes,
    ...assetTemplateRoutes,
    ...auditRoutes,
    ...exportRoutes,
    ...homeRoutes,
    ...importRoutes,
    ...itemRoutes,
    ...purchaseOrderRoutes,
    ...supplierRoutes,
    ...requisitionRoutes,
    ...requestRoutes,
    ...scheduleRoutes,
    ...inboxRoutes,
    ...meterRoutes,
    ...myWorkRoutes,
    ...profileRoutes,
    ...backupRoutes,
    ...systemRoutes,
    ...labelRoutes,
    ...locationRoutes,
    ...scanRoutes,
    ...weekPlanRoutes,
    ...workOrderListRoutes,
    ...newWorkOrderRoutes,
    ...workOrderPageRoutes,
    missingRoute,
  ]),
])

export const router = createRouter({ routeTree: tree, context: { queries }, defaultPendingComponent: Loading, defaultPreload: 'intent', defaultPreloadStaleTime: 0, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
