import classes from './Sparkline.module.css'
import { sparkPoints } from './ticks'

/** How a figure came here: a line without words, its last point in the tone of the figure. The figure itself says the value. */
export function Sparkline({ values, tone }: { values: (number | undefined)[]; tone?: 'red' | 'green' }) {
  const points = sparkPoints(values, 72, 24)
  const last = points.at(-1)
  if (!last || points.length < 2) return null
  return (
    <svg width="72" height="24" className={classes.spark} aria-hidden>
      <polyline points={points.map((point) => point.join()).join(' ')} />
      <circle cx={last[0]} cy={last[1]} r="2.5" data-tone={tone} />
    </svg>
  )
}
