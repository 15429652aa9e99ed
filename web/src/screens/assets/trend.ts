export interface Point {
  at: number
  value: number
}

const day = 86_400_000

/** How much a meter counts in a day, over its last 90 days of readings; undefined where that cannot be said. */
export function ratePerDay(points: readonly Point[]): number | undefined {
  const last = points.at(-1)
  if (!last) return undefined
  const first = points.find((point) => point.at >= last.at - 90 * day)
  if (!first || last.at - first.at < day) return undefined
  return (last.value - first.value) / ((last.at - first.at) / day)
}

/** When a meter reaches a value if it goes on as it did; undefined: never, or beyond two years. */
export function reaches(points: readonly Point[], value: number): number | undefined {
  const rate = ratePerDay(points)
  const last = points.at(-1)
  if (!last || !rate || rate <= 0) return undefined
  const at = last.at + ((value - last.value) / rate) * day
  return at < last.at || at > last.at + 730 * day ? undefined : at
}

/** What the meter stood at, between two readings along the straight line; undefined outside of them. */
export function standAt(points: readonly Point[], at: number): number | undefined {
  const after = points.findIndex((point) => point.at >= at)
  const b = points[after]
  const a = points[after - 1]
  if (!b) return undefined
  if (b.at === at || !a) return b.at === at ? b.value : undefined
  return a.value + ((at - a.at) / (b.at - a.at)) * (b.value - a.value)
}

export type Doubt = 'lower' | 'rolled_over' | 'jump'

/**
 * What makes a reading doubtful before it is sent: a counting meter that stands lower than before (or has rolled over),
 * or one that counted three times as fast as it ever did and more than a day's worth.
 */
export function doubt(kind: string, points: readonly Point[], value: number, at: number, rolloverAt?: number): Doubt | undefined {
  const last = points.at(-1)
  if (kind !== 'continuous' || !last || Number.isNaN(value)) return undefined
  if (value < last.value) return rolloverAt ? 'rolled_over' : 'lower'
  const fastest = Math.max(0, ...points.slice(1).map((point, before) => speed(points[before] as Point, point)))
  if (fastest === 0) return undefined
  const days = Math.max((at - last.at) / day, 1)
  return value - last.value > 3 * fastest * days ? 'jump' : undefined
}

const speed = (a: Point, b: Point): number => (b.value - a.value) / Math.max((b.at - a.at) / day, 1)
