import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from './client'

export type Notification = Schemas['Notification']

const read = (unread: boolean, limit: number, cursor?: string) => ok(api.GET('/v1/notifications', { params: { query: { unread: unread ? 'true' : undefined, limit, cursor } } }))

/** The newest unread ones, for the bell. */
export const newestUnreadQuery = queryOptions({ queryKey: ['notifications', 'newest'], queryFn: () => read(true, 6) })

/** All of them or the unread ones, newest first, page by page. */
export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notifications', 'list', unread],
    queryFn: ({ pageParam }) => read(unread, 50, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
  })

export const markRead = (id: string, key: string) => ok(api.POST('/v1/notifications/{id}/read', { params: { path: { id }, header: { 'Idempotency-Key': key } } }))
export const markAllRead = (_: void, key: string) => ok(api.POST('/v1/notifications/read-all', { params: { header: { 'Idempotency-Key': key } } }))
