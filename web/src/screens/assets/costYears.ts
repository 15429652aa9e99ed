export const costKinds = ['labor', 'parts', 'services', 'other'] as const
export type CostKind = (typeof costKinds)[number]
export type CostSums = Record<CostKind, number>

export interface CostYear extends CostSums {
  year: number
}

/** The last twelve years of an asset at the most, this one included: when it began to cost, or as far as we look. */
export function yearsSince(began: string, now: string): number[] {
  const to = Number(now.slice(0, 4))
  const from = Math.max(Math.min(Number(began.slice(0, 4)), to), to - 11)
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

/** Sums that only grow: each year with all before it. For drawing only; amounts that are read come from the server. */
export function growing(years: readonly CostYear[]): CostYear[] {
  const sums: CostSums = { labor: 0, parts: 0, services: 0, other: 0 }
  return years.map(({ year, ...costs }) => {
    for (const kind of costKinds) sums[kind] += costs[kind]
    return { year, ...sums }
  })
}
