import type { TFunction } from 'i18next'
import { api, ok, type Schemas } from '../../../api/client'
import type { Filter, FilterOption } from '../../../kit/Filters'
import { Priority, StateGlyph } from '../../../kit/State'
import { openStatuses } from './search'

const few = 20

const personOption = (person: Schemas['Person']): FilterOption => ({ value: person.id, label: person.name })
const placed = (record: { id: string; code: string; name: string }): FilterOption => ({ value: record.id, label: record.name, code: record.code })

const people = (me: string) => ({
  find: async (q: string) => {
    const found = ((await ok(api.GET('/v1/people', { params: { query: { limit: few, ...(q ? { q } : {}) } } }))).items ?? []).map(personOption)
    return q ? found : [{ value: 'me', label: me }, ...found]
  },
  named: async (ids: string[]) => {
    const all = (await ok(api.GET('/v1/people', { params: { query: { limit: 200 } } }))).items ?? []
    return [{ value: 'me', label: me }, ...all.filter(({ id }) => ids.includes(id)).map(personOption)]
  },
})

const assets = {
  find: async (q: string) => ((await ok(api.GET('/v1/assets', { params: { query: { limit: few, sort: 'code', ...(q ? { q } : {}) } } }))).items ?? []).map(placed),
  named: (ids: string[]) => Promise.all(ids.map(async (id) => placed(await ok(api.GET('/v1/assets/{id}', { params: { path: { id } } }))))),
}

const locations = {
  find: async (q: string) => ((await ok(api.GET('/v1/locations', { params: { query: { limit: few, sort: 'code', ...(q ? { q } : {}) } } }))).items ?? []).map(placed),
  named: (ids: string[]) => Promise.all(ids.map(async (id) => placed(await ok(api.GET('/v1/locations/{id}', { params: { path: { id } } }))))),
}

/** The conditions that a list of work orders can have; costs: the reader may see what was booked. */
export function workOrderFilters(t: TFunction<'work-order-list'>, states: TFunction<'states'>, costs = false): Filter[] {
  const status = [...openStatuses, 'completed', 'closed', 'cancelled']
  const priorities = ['critical', 'high', 'medium', 'low']
  const types = ['corrective', 'preventive', 'inspection', 'improvement'] as const
  return [
    { kind: 'days', key: 'due', from: 'due_from', to: 'due_to', label: t('due') },
    { kind: 'choice', key: 'status', label: t('status'), options: status.map((value) => ({ value, label: states(`work_order.${value}` as 'work_order.approved'), icon: <StateGlyph noun="work_order" state={value} /> })) },
    { kind: 'choice', key: 'priority', label: t('priority'), options: priorities.map((value) => ({ value, label: states(`priority.${value}` as 'priority.low'), icon: <Priority value={value} /> })) },
    { kind: 'choice', key: 'type', label: t('type'), options: types.map((value) => ({ value, label: t(`type.${value}`) })) },
    { kind: 'pick', key: 'location_id', label: t('location'), ...locations },
    { kind: 'pick', key: 'asset_id', label: t('asset'), ...assets },
    { kind: 'pick', key: 'assignee_id', label: t('people'), ...people(t('me')) },
    { kind: 'flag', key: 'overdue', label: t('overdue') },
    { kind: 'days', key: 'completed', from: 'completed_from', to: 'completed_to', label: t('completed') },
    ...(costs ? [{ kind: 'days', key: 'booked', from: 'booked_from', to: 'booked_to', label: t('booked') } as const] : []),
    { kind: 'day', key: 'open_on', label: t('open_on') },
    { kind: 'day', key: 'overdue_on', label: t('overdue_on') },
    { kind: 'day', key: 'waiting_on', label: t('waiting_on') },
  ]
}
