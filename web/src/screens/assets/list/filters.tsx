import type { TFunction } from 'i18next'
import { api, ok } from '../../../api/client'
import type { Filter, FilterOption } from '../../../kit/Filters'
import { StateGlyph } from '../../../kit/State'
import { states } from '../../../kit/states'

interface Coded {
  id: string
  code: string
  name: string
}

const few = { limit: 20, sort: 'code' as const }
const option = ({ id, code, name }: Coded): FilterOption => ({ value: id, label: name, code })
const each = (one: (id: string) => Promise<Coded>) => (ids: string[]) => Promise.all(ids.map(async (id) => option(await one(id))))
const asked = (q: string) => (q ? { ...few, q } : few)

const categories = {
  find: async (q: string) => ((await ok(api.GET('/v1/asset-categories', { params: { query: asked(q) } }))).items ?? []).map(option),
  named: each((id) => ok(api.GET('/v1/asset-categories/{id}', { params: { path: { id } } }))),
}

const templates = {
  find: async (q: string) => ((await ok(api.GET('/v1/asset-templates', { params: { query: asked(q) } }))).items ?? []).map(option),
  named: each((id) => ok(api.GET('/v1/asset-templates/{id}', { params: { path: { id } } }))),
}

const locations = {
  find: async (q: string) => ((await ok(api.GET('/v1/locations', { params: { query: asked(q) } }))).items ?? []).map(option),
  named: each((id) => ok(api.GET('/v1/locations/{id}', { params: { path: { id } } }))),
}

const departments = {
  find: async (q: string) => ((await ok(api.GET('/v1/departments', { params: { query: asked(q) } }))).items ?? []).map(option),
  named: each((id) => ok(api.GET('/v1/departments/{id}', { params: { path: { id } } }))),
}

const costCenters = {
  find: async (q: string) => ((await ok(api.GET('/v1/cost-centers', { params: { query: asked(q) } }))).items ?? []).map(option),
  named: each((id) => ok(api.GET('/v1/cost-centers/{id}', { params: { path: { id } } }))),
}

/** Where something stands; what lies below counts too. */
export const placesFilter = (label: string): Filter => ({ kind: 'pick', key: 'location_id', label, ...locations })

/** The conditions that a list of assets can have. */
export function assetFilters(t: TFunction<'assets'>, word: TFunction<'states'>): Filter[] {
  const choices = (noun: 'asset' | 'lifecycle') => Object.keys(states[noun]).map((value) => ({ value, label: word(`${noun}.${value}` as 'asset.up'), icon: <StateGlyph noun={noun} state={value} /> }))
  return [
    placesFilter(t('fact.place')),
    { kind: 'pick', key: 'category_id', label: t('fact.category'), ...categories },
    { kind: 'pick', key: 'template_id', label: t('fact.template'), ...templates },
    { kind: 'choice', key: 'operating_state', label: t('list.state'), options: choices('asset') },
    { kind: 'choice', key: 'criticality', label: t('list.criticality'), options: ['A', 'B', 'C'].map((value) => ({ value, label: value })) },
    { kind: 'choice', key: 'lifecycle_state', label: t('list.lifecycle'), options: choices('lifecycle') },
    { kind: 'days', key: 'failed', from: 'failed_from', to: 'failed_to', label: t('list.failed') },
    { kind: 'pick', key: 'department_id', label: t('fact.department'), ...departments },
    { kind: 'pick', key: 'cost_center_id', label: t('fact.cost_center'), ...costCenters },
  ]
}
