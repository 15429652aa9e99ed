import type { Schemas } from '../../api/client'
import { sum } from '../work-orders/detail/sums'
import { negated } from './movements'

export type SparePart = Schemas['SparePart']
export type SparePartBody = Schemas['SparePartBody']

/** Whose list: an asset's own, or that of its template, which counts for every asset of it. */
export interface ListOf {
  list: SparePart['source']
  id: string
}

/** Into what spare parts belong: whose own list is shown, and the template whose list it may have beside it. */
export interface PartsOf {
  own: ListOf
  code: string
  template?: { id: string; name: string }
}

/** An asset as what spare parts belong into. */
export const partsOf = ({ id, code, template_id, template }: { id: string; code: string; template_id?: string; template?: { name: string } }): PartsOf => ({
  own: { list: 'asset', id },
  code,
  template: template_id && template ? { id: template_id, name: template.name } : undefined,
})

/** The list of a source. */
export const listOf = ({ own, template }: PartsOf, list: string): ListOf => (list !== own.list && template ? { list: 'asset_template', id: template.id } : own)

/** The lines of one list with the line of an item put in or, where there is none, taken out. It comes first: the server's sentences find it there. */
export function linesWith(parts: SparePart[], list: ListOf['list'], itemId: string, line?: SparePartBody): SparePartBody[] {
  const others = parts.filter((part) => part.source === list && part.item_id !== itemId).map(({ item_id, quantity, note }) => ({ item_id, quantity, note }))
  return line ? [line, ...others] : others
}

/** Whether a list has another line of the item already. */
export const standsIn = (parts: SparePart[], list: ListOf['list'], { item_id, quantity, unit, note }: SparePartBody) =>
  parts.some((part) => part.source === list && part.item_id === item_id && !(sameAmount(part, quantity, unit ?? part.unit) && (part.note ?? '') === (note ?? '')))

const sameAmount = ({ quantity, unit, entered }: SparePart, amount: string, of: string) => (of === unit ? quantity === amount : entered?.unit === of && entered.quantity === amount)

/** Whether less lies free than belongs into one asset. */
export const isShort = ({ available, quantity }: Pick<SparePart, 'available' | 'quantity'>) => sum([available, negated(quantity)]).startsWith('-')
