import { api, ok } from '../../api/client'
import { CodedOption } from '../../kit/CodedOption'
import type { FieldProps } from '../../kit/Fields'
import { RecordField } from '../../kit/RecordField'
import type { RefValue } from './refs'

export type RefKind = 'asset' | 'location' | 'category' | 'department' | 'cost_center'

type Placed = RefValue & { place?: string }

async function find(kind: RefKind, q: string | undefined): Promise<Placed[]> {
  const params = { query: { q, limit: 20, sort: 'code' as const } }
  if (kind === 'asset') return ((await ok(api.GET('/v1/assets', { params }))).items ?? []).map(({ id, code, name, location }) => ({ id, code, name, place: location.name }))
  if (kind === 'location') return ((await ok(api.GET('/v1/locations', { params }))).items ?? []).map(({ id, code, name, parent }) => ({ id, code, name, place: parent?.name }))
  const paths = { category: '/v1/asset-categories', department: '/v1/departments', cost_center: '/v1/cost-centers' } as const
  return ((await ok(api.GET(paths[kind], { params }))).items ?? []).map(({ id, code, name }) => ({ id, code, name }))
}

const keys: Record<RefKind, string> = { asset: 'assets', location: 'locations', category: 'asset-categories', department: 'departments', cost_center: 'cost-centers' }
const written = (ref: RefValue) => `${ref.code} ${ref.name}`

/** Picks one record by code or name; shows code, name and place. */
export function RefField<V extends object, N extends keyof V & string>({ kind, ...field }: FieldProps<V, N> & { kind: RefKind }) {
  return <RecordField {...field} queryKey={[keys[kind], 'pick']} find={(q) => find(kind, q)} written={written} option={(one) => <CodedOption {...one} />} />
}
