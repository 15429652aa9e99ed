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
}

/** A reference of the API as a picked record. */
export const pickedOf = (ref: Schemas['Ref'] | null | undefined): Picked | null => (ref ? { id: ref.id, code: ref.code ?? ref.number ?? '', name: ref.name } : null)
