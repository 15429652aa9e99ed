/** The roles of the product, as the permission matrix has them. */
export const roles = ['admin', 'platform_operator', 'asset_manager', 'planner', 'technician', 'requester', 'storekeeper', 'buyer', 'approver', 'auditor'] as const
export type Role = (typeof roles)[number]
