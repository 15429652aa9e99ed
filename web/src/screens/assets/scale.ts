/** Round values that cover min to max in about `count` steps of 1, 2, 2.5 or 5 times a power of ten. */
export function roundTicks(min: number, max: number, count: number): number[] {
  if (!(max > min)) return [min]
  const rough = (max - min) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 2.5, 5, 10].find((times) => times * power >= rough) ?? 10)
  const first = Math.floor(min / step + 1e-9)
  const last = Math.ceil(max / step - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
}

/** Maps a value of a span to a place on the screen. */
export function scale(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const [low, high] = from
  const size = high - low || 1
  return (value) => to[0] + ((value - low) / size) * (to[1] - to[0])
}

/** Firsts of months between two times, at most `count`, as times of UTC. */
export function monthTicks(from: number, to: number, count: number): number[] {
  const first = new Date(from)
  const months: number[] = []
  for (let month = first.getUTCMonth(); ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), month, 1)
    if (at > to) break
    if (at >= from) months.push(at)
  }
  const every = Math.max(1, Math.ceil(months.length / count))
  return months.filter((_, at) => at % every === 0)
}
