import type { Item } from './queries'
import type { PickedItem } from './picked'

type Counted = Pick<Item, 'unit' | 'purchase_unit' | 'issue_unit'>

/** The units in which an item is counted, its own first. */
export const unitsOf = ({ unit, purchase_unit, issue_unit }: Counted): string[] => [...new Set([unit, purchase_unit, issue_unit].flatMap((each) => (each ? [each] : [])))]

/** An item as it is picked, with its units. */
export const pickedItem = (item: Pick<Item, 'id' | 'code' | 'name'> & Counted): PickedItem => ({ id: item.id, code: item.code, name: item.name, unit: item.unit, units: unitsOf(item), bought: item.purchase_unit ?? item.unit })

/** The unit of the request: none is the item's own. */
export const askedUnit = (item: Pick<PickedItem, 'unit'>, unit: string): string | undefined => (unit && unit !== item.unit ? unit : undefined)
