import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '../../api/client'
import type { PlantItem, PlantPart } from './plantRows'

export type Grouping = 'place' | 'category'

const pageSize = 200
const prefix = { place: 'l', category: 'c', asset: 'a' } as const

export const rowId = (kind: keyof typeof prefix, id: string): string => `${prefix[kind]}:${id}`

interface Coded {
  id: string
  code: string
  name: string
  has_children: boolean
}

function item(kind: 'place' | 'category' | 'asset', record: Coded, state?: string): PlantItem {
  // A place or category may hold assets, which its own record does not tell.
  return { id: rowId(kind, record.id), kind, record: record.id, code: record.code, name: record.name, expandable: kind !== 'asset' || record.has_children, state }
}

/** Places or categories right below one, or at the top. */
export const groupsQuery = (by: Grouping, parent: string) =>
  queryOptions({
    queryKey: [by === 'place' ? 'locations' : 'asset-categories', 'below', parent],
    staleTime: 300_000,
    queryFn: async (): Promise<PlantPart> => {
      const query = { parent_id: [parent], depth: 1, limit: pageSize, sort: 'code' as const }
      const page = by === 'place' ? await ok(api.GET('/v1/locations', { params: { query } })) : await ok(api.GET('/v1/asset-categories', { params: { query } }))
      return { items: (page.items ?? []).map((record) => item(by, record)), more: false }
    },
  })

/** Assets right below a row, in pages of 200. */
export const assetsBelowQuery = (row: string, pages: number) =>
  queryOptions({
    queryKey: ['assets', 'below', row, pages],
    staleTime: 60_000,
    queryFn: async (): Promise<PlantPart> => {
      const id = row.slice(2)
      const within = row.startsWith('a:') ? { parent_id: [id], depth: 1 } : row.startsWith('l:') ? { location_id: [id], parent_id: ['root'] } : { category_id: [id] }
      const items: PlantItem[] = []
      let cursor: string | undefined
      for (let read = 0; read < pages && (read === 0 || cursor); read++) {
        const page = await ok(api.GET('/v1/assets', { params: { query: { ...within, limit: pageSize, sort: 'code', cursor } } }))
        const here = (page.items ?? []).filter((asset) => !row.startsWith('l:') || asset.location_id === id)
        items.push(...here.map((asset) => item('asset', asset, asset.operating_state)))
        cursor = page.next_cursor
      }
      return { items, more: cursor !== undefined }
    },
  })
