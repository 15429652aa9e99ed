import { startOf } from './stops'

/** An instant as the value of a date-and-time field at a zone: `2026-11-24T11:42`. */
export function localOf(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The instant that such a value names at a zone; undefined where it names none. Of an hour that is there twice the first. */
export function instantOf(local: string, zone: string): string | undefined {
  const read = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(local)
  if (!read?.[1]) return undefined
  const midnight = startOf(read[1], zone)
  const wall = (Number(read[2]) * 60 + Number(read[3])) * 60_000
  // A change of the clocks lies between midnight and the hour: look which of the candidates reads so.
  const candidates = [wall - 3_600_000, wall, wall + 3_600_000].map((after) => new Date(midnight + after))
  return (candidates.find((at) => localOf(at, zone) === local.slice(0, 16)) ?? new Date(midnight + wall)).toISOString()
}
