import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from './client'

export type Notification = Schemas['Notification']

const read = (unread: boolean, limit: number, site?: string, cursor?: string) => ok(api.GET('/v1/notifications', { params: { query: { unread: unread ? 'true' : undefined, location_id: site ? [site] : undefined, limit, cursor } } }))

/** The newest unread ones of a site or of all, for the bell. */
export const newestUnreadQuery = (site?: string) => queryOptions({ queryKey: ['notifications', 'newest', site ?? ''], queryFn: () => read(true, 6, site) })

/** All of them or the unread ones, of a site or of all, newest first, page by page. */
export const notificationsQuery = (unread: boolean, site?: string) =>
  infiniteQueryOptions({
    queryKey: ['notifications', 'list', unread, site ?? ''],
    queryFn: ({ pageParam }) => read(unread, 50, site, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
  })

export const markRead = (id: string, key: string) => ok(api.POST('/v1/notifications/{id}/read', { params: { path: { id }, header: { 'Idempotency-Key': key } } }))
export const markAllRead = (_: void, key: string) => ok(api.POST('/v1/notifications/read-all', { params: { header: { 'Idempotency-Key': key } } }))
