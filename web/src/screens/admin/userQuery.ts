import { queryOptions } from '@tanstack/react-query'
import { answered, api } from '../../api/client'

/** A user with the version that was read. */
export const userQuery = (id: string) => queryOptions({ queryKey: ['users', id], queryFn: () => answered(api.GET('/v1/users/{id}', { params: { path: { id } } })) })
