import type { Role } from './sessions'

/** A screen of the application and somebody who uses it. `{work-order}` and the like stand for a real record's id. */
export interface Screen {
  name: string
  path: string
  /** Nobody where it is seen before the sign-in. */
  as: Role | null
  /** Whether it is seen from another machine than the one that runs the stack. */
  elsewhere?: boolean
  /** What is open on it in its picture, as a person has it before him at the desk. */
  shows?: string
}

/** Every screen: each is opened at desk and phone size, in light and dark, and looked at by axe. */
export const screens: Screen[] = [
  { name: 'first-run', path: '/login', as: null },
  { name: 'sign-in', path: '/login', as: null, elsewhere: true },
  { name: 'home', path: '/', as: 'planner' },
  { name: 'inbox', path: '/inbox', as: 'planner' },
  { name: 'work-orders', path: '/work-orders', as: 'planner', shows: '/work-orders?open={work-order}' },
  { name: 'work-order', path: '/work-orders/{work-order}', as: 'planner' },
  { name: 'my-work', path: '/', as: 'technician' },
  { name: 'new-work-order', path: '/work-orders/new', as: 'planner' },
  { name: 'schedules', path: '/schedules', as: 'planner' },
  { name: 'schedule', path: '/schedules/{schedule}', as: 'planner' },
  { name: 'schedule-editor', path: '/schedules/{schedule}/edit', as: 'planner' },
  { name: 'requests', path: '/requests', as: 'planner' },
  { name: 'approvals', path: '/approvals', as: 'approver', shows: '/approvals?open={approval}' },
  { name: 'approval', path: '/approvals/{approval}', as: 'approver' },
  { name: 'report', path: '/requests/new', as: 'requester' },
  { name: 'meters', path: '/meters', as: 'technician' },
  { name: 'meter-round', path: '/meters?round=true', as: 'technician' },
  { name: 'assets', path: '/assets', as: 'asset_manager' },
  { name: 'asset', path: '/assets/{asset}', as: 'asset_manager' },
  { name: 'spare-parts', path: '/assets/{asset}?tab=spare-parts', as: 'asset_manager' },
  { name: 'scan', path: '/scan', as: 'technician' },
  { name: 'asset-transfers', path: '/asset-transfers', as: 'asset_manager' },
  { name: 'asset-disposals', path: '/asset-disposals', as: 'asset_manager' },
  { name: 'asset-templates', path: '/asset-templates', as: 'asset_manager' },
  { name: 'asset-template', path: '/asset-templates/{asset-template}', as: 'asset_manager' },
  { name: 'scan-item', path: '/scan?code={item-code}', as: 'storekeeper' },
  { name: 'week-plan', path: '/week-plan', as: 'planner' },
  { name: 'board', path: '/work-orders?view=board', as: 'planner' },
  { name: 'calendar', path: '/work-orders?view=calendar', as: 'planner' },
  { name: 'new-asset', path: '/assets/new', as: 'asset_manager' },
  { name: 'labels', path: '/labels', as: 'asset_manager' },
  { name: 'imports', path: '/imports', as: 'asset_manager' },
  { name: 'new-import', path: '/imports/new', as: 'asset_manager' },
  { name: 'exports', path: '/exports', as: 'asset_manager' },
  { name: 'stock', path: '/items', as: 'storekeeper' },
  { name: 'item', path: '/items/{item}', as: 'storekeeper' },
  { name: 'put-away', path: '/put-away', as: 'storekeeper' },
  { name: 'stock-transfers', path: '/stock-transfers', as: 'storekeeper' },
  { name: 'requisitions', path: '/requisitions', as: 'buyer' },
  { name: 'requisition', path: '/requisitions/{requisition}', as: 'buyer' },
  { name: 'new-requisition', path: '/requisitions/new', as: 'technician' },
  { name: 'purchase-orders', path: '/purchase-orders', as: 'buyer' },
  { name: 'purchase-order', path: '/purchase-orders/{purchase-order}', as: 'buyer' },
  { name: 'new-purchase-order', path: '/purchase-orders/new', as: 'buyer' },
  { name: 'suppliers', path: '/suppliers', as: 'buyer' },
  { name: 'supplier', path: '/suppliers/{supplier}', as: 'buyer' },
  { name: 'audit', path: '/audit', as: 'auditor' },
  { name: 'users', path: '/admin/users', as: 'admin' },
  { name: 'user', path: '/admin/users/{user}', as: 'admin' },
  { name: 'new-user', path: '/admin/users/new', as: 'admin' },
  { name: 'api-tokens', path: '/admin/api-tokens', as: 'admin' },
  { name: 'approval-policies', path: '/admin/approval-policies?amount=12000', as: 'admin' },
  { name: 'approval-policy', path: '/admin/approval-policies/{approval-policy}', as: 'admin' },
  { name: 'locations', path: '/admin/locations', as: 'admin' },
  { name: 'roles', path: '/admin/roles', as: 'admin' },
  { name: 'tenant', path: '/admin/tenant', as: 'admin' },
  { name: 'backups', path: '/admin/backups', as: 'admin' },
  { name: 'restore-drills', path: '/admin/restore-drills', as: 'admin' },
  { name: 'restore-drill', path: '/admin/restore-drills/{restore-drill}', as: 'admin' },
  { name: 'retention', path: '/admin/retention-runs', as: 'admin' },
  { name: 'retention-run', path: '/admin/retention-runs/{retention-run}', as: 'admin' },
  { name: 'file-checks', path: '/admin/file-runs', as: 'admin' },
  { name: 'system', path: '/admin/ops', as: 'admin' },
  { name: 'profile', path: '/me', as: 'technician' },
  { name: 'missing', path: '/nowhere', as: 'technician' },
]
