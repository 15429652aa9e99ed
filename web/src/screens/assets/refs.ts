import type { Schemas } from '../../api/client'

/** A record that is pointed to. */
export interface RefValue {
  id: string
  code: string
  name: string
}

/** A reference of the API as the value of a field. */
export const refOf = (ref: Schemas['Ref'] | null | undefined): RefValue | null => (ref ? { id: ref.id, code: ref.code ?? '', name: ref.name } : null)
