/** One event of a stream (WHATWG server-sent events); `retry` and comments are told apart from events. */
export interface StreamEvent {
  id: string
  event: string
  data: string
}

/** Cuts the text of a stream into events, however the network cut it into pieces. Give it each piece in order. */
export function eventReader(): (piece: string) => StreamEvent[] {
  let rest = ''
  let id = ''
  return (piece) => {
    const text = rest + piece
    // A CR at the very end may be the first half of a CR LF.
    const blocks = text.replace(/\r\n/g, '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    const events: StreamEvent[] = []
    for (const block of blocks) {
      let event = 'message'
      const data: string[] = []
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':')
        if (colon === 0) continue
        const field = colon < 0 ? line : line.slice(0, colon)
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
        if (field === 'id') id = value
        if (field === 'event') event = value
        if (field === 'data') data.push(value)
      }
      if (data.length > 0) events.push({ id, event, data: data.join('\n') })
    }
    return events
  }
}

/** The query keys that show a noun of the event stream: its path's segment, and those that count or hold it. */
export function keysOf(noun: string): string[] {
  const segment = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
  const own = segment.replaceAll('_', '-')
  switch (noun) {
    case 'comment':
      return ['work-orders', 'work-requests']
    case 'labor_entry':
    case 'work_order_cost':
      return ['work-orders', 'dashboard', 'assets']
    case 'work_order':
      return [own, 'dashboard', 'assets']
    case 'work_request':
    case 'maintenance_schedule':
      return [own, 'dashboard']
    case 'approval_case':
      return ['approvals', 'dashboard']
    case 'asset':
      return [own, 'dashboard', 'spare-parts']
    case 'asset_template':
      return [own, 'spare-parts']
    case 'item':
      return [own, 'spare-parts', 'requisitions', 'dashboard']
    case 'stock_movement':
    case 'stock_transfer':
    case 'reservation':
      return [own, 'items', 'spare-parts', 'work-orders', 'dashboard']
    case 'requisition':
      return [own, 'items']
    case 'purchase_order':
      return [own, 'items', 'requisitions', 'work-orders', 'dashboard']
    case 'goods_receipt':
    case 'supplier_invoice':
      return [own, 'purchase-orders', 'items']
    default:
      return [own]
  }
}

/** Seconds until the next try after some that failed: 1, 2, 4 … 30. */
export const pauseAfter = (failed: number): number => Math.min(30, 2 ** Math.max(0, failed - 1))
