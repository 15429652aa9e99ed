import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'

export type AssetTemplate = Schemas['AssetTemplate']

export const templateQuery = (id: string) => queryOptions({ queryKey: ['asset-templates', id], queryFn: () => ok(api.GET('/v1/asset-templates/{id}', { params: { path: { id } } })) })
