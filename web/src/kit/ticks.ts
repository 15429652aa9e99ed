/** Round steps for an axis from 0 to at least `most`, about `count` of them: 0, 10, 20, 30. */
export function ticksTo(most: number, count = 3): number[] {
  if (!(most > 0)) return [0, 1]
  const rough = most / count
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * size >= rough) ?? 10) * size)
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < most) ticks.push((ticks.at(-1) ?? 0) + step)
  return ticks
}

/** Points of a small line over a width and a height, for values that may be absent: an absent one takes the last known. */
export function sparkPoints(values: (number | undefined)[], width: number, height: number, pad = 3): [x: number, y: number][] {
  const known = values.filter((value): value is number => value !== undefined)
  if (known.length === 0) return []
  const low = Math.min(...known)
  const range = Math.max(...known) - low || 1
  let last = known[0] ?? 0
  return values.map((value, at) => {
    last = value ?? last
    const x = pad + (values.length > 1 ? (at / (values.length - 1)) * (width - 2 * pad) : (width - 2 * pad) / 2)
    return [Math.round(x * 10) / 10, Math.round((height - pad - ((last - low) / range) * (height - 2 * pad)) * 10) / 10]
  })
}
