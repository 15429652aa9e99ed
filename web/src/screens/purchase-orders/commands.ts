import type { PurchaseOrder } from './queries'

export type OrderCommand = 'submit' | 'send' | 'receive' | 'invoice' | 'close' | 'return' | 'edit' | 'withdraw' | 'cancel'

const permissions: Record<OrderCommand, string> = {
  submit: 'purchase_orders.write',
  send: 'purchase_orders.write',
  receive: 'purchase_orders.receive',
  invoice: 'supplier_invoices.write',
  close: 'purchase_orders.write',
  return: 'purchase_orders.receive',
  edit: 'purchase_orders.write',
  withdraw: 'purchase_orders.write',
  cancel: 'purchase_orders.write',
}

const invoiced = new Set(['sent', 'partially_received', 'received'])
const editable = new Set(['draft', 'pending_approval', 'approved', 'rejected', 'sent'])
const order: OrderCommand[] = ['submit', 'send', 'receive', 'invoice', 'close', 'return', 'edit', 'withdraw', 'cancel']
// Of an order that came completely the next step is its invoice, then its end; what came more than ordered is rare.
const whenReceived: OrderCommand[] = ['invoice', 'close', 'receive', 'return']

/** What a person can do with an order, the next step of the normal path first. */
export function commandsOf({ status, allowed_commands, lines }: Pick<PurchaseOrder, 'status' | 'allowed_commands' | 'lines'>, may: (permission: string) => boolean): OrderCommand[] {
  const allowed = new Set<string>(allowed_commands)
  if (invoiced.has(status)) allowed.add('invoice')
  if (editable.has(status)) allowed.add('edit')
  const billed = lines && lines.length > 0 && lines.every((line) => Number(line.invoiced) >= Number(line.quantity))
  const sorted = status !== 'received' ? order : billed ? whenReceived.filter((name) => name !== 'invoice') : whenReceived
  return sorted.filter((name) => allowed.has(name) && may(permissions[name]))
}
