import type { Schemas } from '../../../api/client'

type Entry = Pick<Schemas['TimelineEntry'], 'kind' | 'action' | 'at'>

const starts = new Set(['work_order.start', 'work_order.resume', 'work_order.reopen'])
const stops = new Set(['work_order.hold', 'work_order.complete', 'work_order.cancel'])

/**
 * Seconds that an order has been in work until now, holds left out, from its timeline (newest first). An order whose
 * start is not among the events counts from `startedAt`.
 */
export function workedSeconds(entries: Entry[], startedAt: string | undefined, now: number): number {
  let running: number | undefined
  let total = 0
  let seen = false
  for (const { kind, action, at } of [...entries].reverse()) {
    if (kind !== 'event') continue
    if (starts.has(action)) {
      seen = true
      running ??= Date.parse(at)
    } else if (stops.has(action)) {
      if (!seen && startedAt) running = Date.parse(startedAt)
      seen = true
      if (running !== undefined) total += Date.parse(at) - running
      running = undefined
    }
  }
  if (!seen && startedAt) running = Date.parse(startedAt)
  if (running !== undefined) total += now - running
  return Math.max(0, Math.floor(total / 1000))
}

/** «3:12», and «52:05» past two days: what a running timer shows. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** Hours to a quarter, at least one quarter: what the timer proposes for the hours sheet. */
export function quarterHours(seconds: number): string {
  return String(Math.max(1, Math.round(seconds / 900)) / 4)
}
