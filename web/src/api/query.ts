import { QueryClient } from '@tanstack/react-query'
import { Problem } from './client'

/**
 * One cache for all screens. Keys begin with the noun's path (`['work-orders', …]`), so that a live event of a noun
 * refreshes whatever shows it. Reads are tried again only where the server or the network was away.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => error instanceof Problem && error.again && count < 3,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})
