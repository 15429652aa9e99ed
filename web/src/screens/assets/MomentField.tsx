import { TextInput } from '@mantine/core'
import { type FieldProps, useFieldProps } from '../../kit/Fields'

/** Date and time on the clock of the site, `2026-11-24T11:42`. */
export function MomentField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { max?: string }) {
  const { form, name, max } = props
  return <TextInput {...useFieldProps(props)} type="datetime-local" maw={240} max={max} value={form.values[name] as string} onChange={(event) => form.set(name, event.currentTarget.value as V[N])} />
}
