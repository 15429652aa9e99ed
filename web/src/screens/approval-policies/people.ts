import { api, ok } from '../../api/client'
import type { Picked } from '../stock/picked'
import type { Source } from '../stock/sources'

const picked = ({ id, name }: { id: string; name: string }): Picked => ({ id, code: '', name })

/** Everybody of the tenant, by name. */
export const people: Source<Picked> & { byId: (id: string) => Promise<Picked | null> } = {
  noun: 'people',
  name: 'people',
  find: async (q) => ((await ok(api.GET('/v1/people', { params: { query: { q, limit: 20 } } }))).items ?? []).map(picked),
  byId: async (id) => ((await ok(api.GET('/v1/people', { params: { query: { id: [id], limit: 1 } } }))).items ?? []).map(picked)[0] ?? null,
}
