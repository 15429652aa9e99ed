import { api, ok, type Schemas } from '../../api/client'
import { useMe } from '../../api/me'
import type { FieldProps } from '../../kit/Fields'
import { RecordField } from '../../kit/RecordField'

export type Person = Schemas['Person']

/** Picks one colleague by name; never the reader himself. */
export function PersonField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const me = useMe()
  const find = async (q: string | undefined) => ((await ok(api.GET('/v1/people', { params: { query: { q, limit: 20 } } }))).items ?? []).filter(({ id }) => id !== me.id)
  return <RecordField {...props} queryKey={['people', 'pick']} find={find} written={({ name }) => name} />
}
