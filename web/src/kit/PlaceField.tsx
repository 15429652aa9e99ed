import { type FieldProps, useFieldProps } from './Fields'
import { PlacePicker } from './PlacePicker'
import type { WorkPlace } from './places'

/** The field of a form that holds an asset or a location. */
export function PlaceField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name } = props
  return <PlacePicker {...useFieldProps(props)} value={form.values[name] as WorkPlace | null} onChange={(place) => form.set(name, place as V[N])} />
}
