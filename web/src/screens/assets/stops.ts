import { addDays, today } from '../../kit/figures'

export interface Stop {
  kind: string
  started_at: string
  ended_at?: string | null
}

export interface StopDay {
  date: string
  /** Seconds of the day, on which clocks change 23 or 25 hours; of today only what has passed. */
  length: number
  planned: number
  unplanned: number
}

export interface StopStrip {
  days: StopDay[]
  planned: number
  unplanned: number
  /** Part of the time, 0 to 1, in which the asset did not stand by itself; planned stops do not count against it. */
  available: number
}

/**
 * Splits the stops of an asset over the last days at a zone, today included. Stops of one kind that overlap count once;
 * a planned one does not hide an unplanned one.
 */
export function stopStrip(stops: readonly Stop[], zone: string, count: number, now = new Date()): StopStrip {
  const last = today(zone, now)
  const days: StopDay[] = []
  for (let back = count - 1; back >= 0; back--) {
    const date = addDays(last, -back)
    const from = startOf(date, zone)
    const to = Math.min(startOf(addDays(date, 1), zone), now.getTime())
    const seconds = (kind: string) => covered(stops.filter((stop) => (stop.kind === 'planned') === (kind === 'planned')), from, to, now)
    days.push({ date, length: (to - from) / 1000, planned: seconds('planned'), unplanned: seconds('unplanned') })
  }
  const sum = (of: (day: StopDay) => number) => days.reduce((total, day) => total + of(day), 0)
  const length = sum((day) => day.length)
  const unplanned = sum((day) => day.unplanned)
  return { days, planned: sum((day) => day.planned), unplanned, available: length > 0 ? 1 - unplanned / length : 1 }
}

function covered(stops: readonly Stop[], from: number, to: number, now: Date): number {
  const spans = stops
    .map((stop) => [Math.max(Date.parse(stop.started_at), from), Math.min(stop.ended_at ? Date.parse(stop.ended_at) : now.getTime(), to)] as const)
    .filter(([start, end]) => end > start)
    .sort(([a], [b]) => a - b)
  let seconds = 0
  let reached = from
  for (const [start, end] of spans) {
    if (end <= reached) continue
    seconds += (end - Math.max(start, reached)) / 1000
    reached = end
  }
  return seconds
}

/** The instant at which a day begins at a zone. */
export function startOf(date: string, zone: string): number {
  const utc = Date.parse(`${date}T00:00:00Z`)
  const first = utc - offset(utc, zone)
  return utc - offset(first, zone)
}

function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000
}
