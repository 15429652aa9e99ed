import { api, ok } from '../../api/client'
import type { Filter, FilterOption } from '../../kit/Filters'

const option = ({ id, code, name }: { id: string; code: string; name: string }): FilterOption => ({ value: id, label: name, code })

/** A list narrowed to suppliers. */
export const supplierFilter = (label: string): Filter => ({
  kind: 'pick',
  key: 'supplier_id',
  label,
  find: async (q) => ((await ok(api.GET('/v1/suppliers', { params: { query: { q: q || undefined, limit: 20, sort: 'code' } } }))).items ?? []).map(option),
  named: (ids) => Promise.all(ids.map(async (id) => option(await ok(api.GET('/v1/suppliers/{id}', { params: { path: { id } } }))))),
})
