import { queryOptions } from '@tanstack/react-query'
import { api, ok } from './client'

/** Which role may do what. */
export const matrixQuery = queryOptions({ queryKey: ['permissions'], queryFn: () => ok(api.GET('/v1/permissions')), staleTime: 3_600_000 })
