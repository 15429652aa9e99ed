import type { Schemas } from '../../api/client'
import { decimalOf, type Fault } from '../../kit/faults'
import type { Picked } from '../stock/picked'
import type { PurchaseOrderLine } from './queries'

/** The sheet of a delivery: per line of the order its quantity and where it goes, by the line's position. */
export type DeliveryValues = Record<string, string | Picked | null>

const text = (values: DeliveryValues, name: string) => String(values[name] ?? '').trim()

/** Serial numbers as they were typed or scanned: one a line, or commas between. */
export const serialsOf = (typed: string): string[] =>
  typed
    .split(/[\n,;]/)
    .map((one) => one.trim())
    .filter(Boolean)

/** Which lines have to say where they go. */
export const needsPlace = ({ destination }: Pick<PurchaseOrderLine, 'destination'>): boolean => destination === 'stock' || destination === 'asset'

/** The lines that something was entered for. What was left empty did not come. */
export function deliveredLines(lines: PurchaseOrderLine[], values: DeliveryValues): { body: Schemas['ReceiptLineBody'][]; at: number[] } {
  const body: Schemas['ReceiptLineBody'][] = []
  const at: number[] = []
  lines.forEach((line, position) => {
    const quantity = decimalOf(text(values, `${position}.quantity`))
    if (quantity === '' || /^0*(\.0*)?$/.test(quantity)) return
    const place = values[`${position}.location_id`] as Picked | null
    const serials = serialsOf(text(values, `${position}.serials`))
    body.push({
      line_id: line.id,
      quantity,
      location_id: needsPlace(line) ? place?.id : undefined,
      lot: text(values, `${position}.lot`) || undefined,
      serials: serials.length > 0 ? serials : undefined,
    })
    at.push(position)
  })
  return { body, at }
}

/** The server's sentences about sent lines, for the fields of the lines that they were sent from. */
export const toFields = (faults: Fault[], at: number[]): Fault[] =>
  faults.map(({ pointer, detail }) => {
    const [, index, field] = /^\/lines\/(\d+)\/([a-z_]+)/.exec(pointer) ?? []
    return { pointer: index === undefined ? pointer : `/${at[Number(index)] ?? index}/${field}`, detail }
  })
