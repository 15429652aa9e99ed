import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../../api/client'
import { isMoving } from './parts'

/** Whether a stack of this very machine served the page. It stands in the page itself, so that no other sign-in waits for an answer. */
export const servedByStack = () => document.querySelector<HTMLMetaElement>('meta[name="mainstay-stack"]')?.content === 'here'

const again = 1000

/** Read again every second until no part is on its way any more. */
export const startQuery = queryOptions({
  queryKey: ['start'],
  queryFn: () => ok(api.GET('/v1/start')),
  staleTime: 0,
  retry: false,
  refetchInterval: ({ state }) => (state.data?.parts?.some(isMoving) ? again : false),
})
