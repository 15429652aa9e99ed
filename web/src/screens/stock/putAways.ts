import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'
import { idOf, type Picked } from './picked'
import type { PutAway } from './queries'

/** The request that puts away what waits: all of it or some, into one place. */
export const putAwayBody = ({ item_id, location_id, lot, serial }: Pick<PutAway, 'item_id' | 'location_id' | 'lot' | 'serial'>, values: { to_location_id: Picked | null; quantity: string }): Schemas['StockMovementBody'] => ({
  kind: 'put_away',
  item_id,
  location_id,
  to_location_id: idOf(values.to_location_id),
  quantity: decimalOf(values.quantity),
  lot,
  serial,
})
