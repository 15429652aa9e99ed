import type { Schemas } from '../api/client'

const paths: Record<string, string> = { asset: '/assets/', work_order: '/work-orders/', work_request: '/requests/', maintenance_schedule: '/schedules/', item: '/items/', supplier: '/suppliers/', purchase_order: '/purchase-orders/', requisition: '/requisitions/' }
/** Records that no search finds, but messages lead to. */
const told: Record<string, string> = { approval_case: '/approvals/', requisition: '/requisitions/', asset_transfer: '/asset-transfers/', asset_disposal: '/asset-disposals/' }

/** The kinds of records that have a page of their own. */
export const findable = Object.keys(paths)

/** The page of a record; home for a kind that this version has no page of. */
export function pathOf({ kind, id }: Pick<Schemas['Found'], 'kind' | 'id'>): string {
  const path = paths[kind] ?? told[kind]
  return path ? path + id : '/'
}

/** Whether what is typed stands in a word, whatever the case and the accents. */
export function hits(word: string, typed: string): boolean {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain(word).includes(plain(typed.trim()))
}
