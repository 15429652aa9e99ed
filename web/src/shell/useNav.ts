import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { waitingApprovalsQuery } from '../api/approvals'
import { api, ok } from '../api/client'
import { useMay, useSite } from '../api/me'
import { dashboardQuery } from '../api/dashboard'
import type { Count, Entry } from './nav'

/** Which entries this person has: the route exists and the permission is given. */
export function useShown(): (entries: Entry[]) => Entry[] {
  const may = useMay()
  const paths = useRouter().routesByPath as Record<string, unknown>
  return (entries) => entries.filter((entry) => entry.to in paths && (!entry.may || may(entry.may)))
}

export interface Counted {
  value: number
  /** There are more than were counted. */
  more: boolean
}

const open = ['waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold']

/** What waits, for the entries that show it; nothing where nothing waits or nobody may know. */
export function useCounts(): Partial<Record<Count, Counted>> {
  const may = useMay()
  const site = useSite()?.id
  const dashboard = useQuery({ ...dashboardQuery(site), enabled: may('dashboard.read') }).data
  const unread = useQuery({
    queryKey: ['notifications', 'unread', site ?? ''],
    queryFn: () => ok(api.GET('/v1/notifications', { params: { query: { unread: 'true', location_id: site ? [site] : undefined, limit: 1, count: 'capped' } } })),
    enabled: may('notifications.read'),
  }).data?.total
  const asked = useQuery({ ...waitingApprovalsQuery, enabled: may('approvals.decide') }).data?.total
  const counts: Partial<Record<Count, Counted>> = {}
  if (unread && unread.value > 0) counts.inbox = { value: unread.value, more: unread.relation === 'gte' }
  if (asked && asked.value > 0) counts.approvals = { value: asked.value, more: asked.relation === 'gte' }
  const orders = open.reduce((sum, status) => sum + (dashboard?.work_orders?.by_status[status] ?? 0), 0)
  if (orders > 0) counts.work_orders = { value: orders, more: false }
  if (dashboard?.work_requests && may('work_requests.triage') && dashboard.work_requests.new > 0) counts.requests = { value: dashboard.work_requests.new, more: false }
  return counts
}
