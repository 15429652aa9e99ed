import {
  IconBuildingFactory2,
  IconCalendarWeek,
  IconChecklist,
  IconClipboardList,
  IconClipboardText,
  IconDatabaseExport,
  IconFileExport,
  IconFileImport,
  IconGauge,
  IconGavel,
  IconHeartRateMonitor,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconListCheck,
  IconMapPin,
  IconMessageReport,
  IconPackages,
  IconPlus,
  IconRepeat,
  IconScan,
  IconSettings,
  IconShieldLock,
  IconShoppingCart,
  IconSitemap,
  IconTemplate,
  IconTransfer,
  IconTruckDelivery,
  IconUsers,
  type Icon,
} from '@tabler/icons-react'

export type Count = 'inbox' | 'approvals' | 'work_orders' | 'requests'

export interface Entry {
  /** Full path of a route; an entry whose route does not exist is not shown. */
  to: string
  /** Its word is `shell:nav.<word>`. */
  word: string
  icon: Icon
  /** Permission without which the entry is absent. */
  may?: string
  count?: Count
  /** Letter after g. */
  key?: string
}

export interface Group {
  /** Its word is `shell:group.<word>`; the first group has none. */
  word?: string
  entries: Entry[]
}

/** The sidebar, from top to bottom. A new screen adds its entry here and is then in the palette and in the phone's «More» too. */
export const groups: Group[] = [
  {
    entries: [
      { to: '/', word: 'home', icon: IconHome, key: 'h' },
      { to: '/inbox', word: 'inbox', icon: IconInbox, may: 'notifications.read', count: 'inbox', key: 'i' },
      { to: '/approvals', word: 'approvals', icon: IconChecklist, may: 'approvals.read', count: 'approvals' },
    ],
  },
  {
    word: 'maintenance',
    entries: [
      { to: '/work-orders', word: 'work_orders', icon: IconClipboardList, may: 'work_orders.read', count: 'work_orders', key: 'w' },
      { to: '/week-plan', word: 'week_plan', icon: IconCalendarWeek, may: 'work_orders.plan', key: 'p' },
      { to: '/schedules', word: 'schedules', icon: IconRepeat, may: 'maintenance_schedules.read', key: 's' },
      { to: '/requests', word: 'requests', icon: IconMessageReport, may: 'work_requests.read', count: 'requests' },
    ],
  },
  {
    word: 'plant',
    entries: [
      { to: '/assets', word: 'assets', icon: IconSitemap, may: 'assets.read', key: 'a' },
      { to: '/asset-transfers', word: 'asset_transfers', icon: IconTransfer, may: 'asset_transfers.read' },
      { to: '/asset-templates', word: 'asset_templates', icon: IconTemplate, may: 'asset_templates.read' },
      { to: '/meters', word: 'meters', icon: IconGauge, may: 'meters.read' },
    ],
  },
  {
    word: 'supply',
    entries: [
      { to: '/items', word: 'stock', icon: IconPackages, may: 'items.read' },
      { to: '/requisitions', word: 'requisitions', icon: IconClipboardText, may: 'requisitions.read' },
      { to: '/purchase-orders', word: 'purchase_orders', icon: IconShoppingCart, may: 'purchase_orders.read' },
      { to: '/suppliers', word: 'suppliers', icon: IconTruckDelivery, may: 'suppliers.read' },
    ],
  },
  {
    word: 'records',
    entries: [
      { to: '/audit', word: 'audit', icon: IconHistory, may: 'audit.read' },
      { to: '/imports', word: 'imports', icon: IconFileImport, may: 'imports.run' },
      { to: '/exports', word: 'exports', icon: IconFileExport, may: 'exports.run' },
    ],
  },
]

/** The menu of the person's own name. */
export const ownEntries: Entry[] = [
  { to: '/me', word: 'profile', icon: IconSettings },
  { to: '/admin/users', word: 'users', icon: IconUsers, may: 'users.read' },
  { to: '/admin/roles', word: 'roles', icon: IconShieldLock, may: 'users.read' },
  { to: '/admin/api-tokens', word: 'api_tokens', icon: IconKey, may: 'api_tokens.read' },
  { to: '/admin/approval-policies', word: 'approval_policies', icon: IconGavel, may: 'approval_policies.read' },
  { to: '/admin/locations', word: 'locations', icon: IconMapPin, may: 'locations.write' },
  { to: '/admin/tenant', word: 'tenant', icon: IconBuildingFactory2, may: 'tenant.write' },
  { to: '/admin/backups', word: 'backups', icon: IconDatabaseExport, may: 'backups.read' },
  { to: '/admin/ops', word: 'system', icon: IconHeartRateMonitor, may: 'operations.read' },
]

/** The phone's bottom bar; «More» follows by itself. */
export const phoneEntries: Entry[] = [
  { to: '/', word: 'my_work', icon: IconListCheck },
  { to: '/inbox', word: 'inbox', icon: IconInbox, may: 'notifications.read', count: 'inbox' },
  { to: '/scan', word: 'scan', icon: IconScan, may: 'assets.read' },
  { to: '/requests/new', word: 'report', icon: IconMessageReport, may: 'work_requests.create' },
]

/** What can be made from everywhere: in the palette, the first one by the letter c too. */
export const commands: Entry[] = [
  { to: '/work-orders/new', word: 'new_work_order', icon: IconPlus, may: 'work_orders.create' },
  { to: '/schedules/new', word: 'new_schedule', icon: IconPlus, may: 'maintenance_schedules.write' },
  { to: '/assets/new', word: 'new_asset', icon: IconPlus, may: 'assets.write' },
  { to: '/requisitions/new', word: 'new_requisition', icon: IconPlus, may: 'requisitions.create' },
  { to: '/purchase-orders/new', word: 'new_purchase_order', icon: IconPlus, may: 'purchase_orders.write' },
]

/** Whether a path lies at or under an entry. */
export function under(path: string, to: string): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)
}

/** The entry that a path belongs to: the one with the longest path. */
export function entryOf(path: string, entries: Entry[]): Entry | undefined {
  return entries.filter((entry) => under(path, entry.to)).sort((a, b) => b.to.length - a.to.length)[0]
}
