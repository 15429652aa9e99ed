import { queryOptions } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../../api/client'

export type Requisition = Schemas['Requisition']
export type RequisitionLine = Schemas['RequisitionLine']

/** What a command of a requisition changes. */
export const requisitionKeys = ['requisitions', 'purchase-orders', 'items']

export const requisitionQuery = (id: string) => queryOptions({ queryKey: ['requisitions', id], queryFn: () => ok(api.GET('/v1/requisitions/{id}', { params: { path: { id } } })) })
