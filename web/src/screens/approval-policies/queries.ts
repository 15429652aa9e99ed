import { queryOptions } from '@tanstack/react-query'
import { answered, api, ok, type Schemas } from '../../api/client'
import type { Person } from '../../kit/PeopleField'
import { type RefValue, refOf } from '../assets/refs'

export type Policy = Schemas['ApprovalPolicy']

export interface Names {
  people: Map<string, Person>
  refs: Map<string, RefValue>
}

const departments = (id: string) => ok(api.GET('/v1/departments/{id}', { params: { path: { id } } }))
const categories = (id: string) => ok(api.GET('/v1/asset-categories/{id}', { params: { path: { id } } }))
const locations = (id: string) => ok(api.GET('/v1/locations/{id}', { params: { path: { id } } }))

/** The records that ids of departments, categories and locations mean. */
export async function namedRefs(ids: { department_id?: string; category_id?: string; location_id?: string }[]): Promise<Map<string, RefValue>> {
  const of = (name: keyof (typeof ids)[number], read: (id: string) => Promise<Schemas['Ref']>) => [...new Set(ids.flatMap((each) => each[name] ?? []))].map(read)
  const found = await Promise.all([...of('department_id', departments), ...of('category_id', categories), ...of('location_id', locations)])
  return new Map(found.flatMap((ref) => refOf(ref) ?? []).map((ref) => [ref.id, ref]))
}

/** Everybody and everything that the rules of a policy name. */
async function namesIn(policy: Policy): Promise<Names> {
  const rules = policy.rules ?? []
  const ids = [...new Set(rules.flatMap((rule) => [...(rule.escalate_to ?? []), ...(rule.levels ?? []).flatMap((level) => level.user_ids ?? [])]))]
  const people = ids.length === 0 ? [] : ((await ok(api.GET('/v1/people', { params: { query: { id: ids, limit: 200 } } }))).items ?? [])
  return { people: new Map(people.map((person) => [person.id, person])), refs: await namedRefs(rules) }
}

/** A policy with its ETag and with the names in it. */
export const policyQuery = (id: string) =>
  queryOptions({
    queryKey: ['approval-policies', id],
    queryFn: async () => {
      const { data, etag } = await answered(api.GET('/v1/approval-policies/{id}', { params: { path: { id } } }))
      return { policy: data, etag, names: await namesIn(data) }
    },
  })
