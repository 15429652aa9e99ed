import { CodedOption } from '../../kit/CodedOption'
import type { FieldProps } from '../../kit/Fields'
import { RecordField } from '../../kit/RecordField'
import type { Picked } from './picked'
import type { Source } from './sources'

const written = ({ code, name }: Picked) => `${code} ${name}`.trim()

/** Picks one record of a source by code or name. */
export function PickField<P extends Picked, V extends object, N extends keyof V & string>({ source, ...field }: FieldProps<V, N> & { source: Source<P>; onPicked?: (one: P | null) => void }) {
  return <RecordField {...field} queryKey={[source.noun, 'pick', source.name]} find={source.find} written={written} option={(one) => <CodedOption {...one} />} />
}
