import type { Schemas } from '../../api/client'

/** A record that was picked; `place` stands beside it in the list. */
export interface Picked {
  id: string
  code: string
  name: string
  place?: string
}

export interface PickedItem extends Picked {
  unit: string
  /** All units in which it is counted, its own first. */
  units?: string[]
  /** The unit in which it is bought. */
  bought?: string
}

// Where nothing is picked the server says so at its field; an empty text it could not read at all.
const nothing = '00000000-0000-0000-0000-000000000000'

/** The id of the request, of what was picked or not. */
export const idOf = (picked: Picked | null | undefined): string => picked?.id ?? nothing

/** A reference of the API as a picked record. */
export const pickedOf = (ref: Schemas['Ref'] | null | undefined): Picked | null => (ref ? { id: ref.id, code: ref.code ?? ref.number ?? '', name: ref.name } : null)
