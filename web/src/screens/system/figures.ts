export interface SystemFigure {
  name: string
  status?: string
  value: number
}

/** A figure over all its states; undefined where the server has none. */
export function figureOf(figures: readonly SystemFigure[], name: string): number | undefined {
  const own = figures.filter((figure) => figure.name === name)
  return own.length > 0 ? own.reduce((sum, figure) => sum + figure.value, 0) : undefined
}

export interface Lag {
  name: string
  value: number
  seconds: boolean
  late: boolean
}

// A batch at midnight and a retry of a delivery are ordinary; what lasts longer is worth a look.
const bounds = [
  { name: 'generation_lag_seconds', seconds: true, above: 3600 },
  { name: 'outbox_oldest_seconds', seconds: true, above: 60 },
  { name: 'processes_late', seconds: false, above: 0 },
]

/** How far the processes are behind, of what the server has figures of. */
export function lags(figures: readonly SystemFigure[]): Lag[] {
  return bounds.flatMap(({ name, seconds, above }) => {
    const value = figureOf(figures, name)
    return value === undefined ? [] : [{ name, value, seconds, late: value > above }]
  })
}
