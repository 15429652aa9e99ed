import { WithCursor } from './ChartPanel'
import classes from './StackedBars.module.css'
import { ticksTo } from './ticks'

export interface Bar {
  /** Under the bar. */
  label: string
  /** One value a series, from below. */
  values: number[]
  /** Over the bar: «so far». */
  note?: string
  /** The one that runs: its label is bold. */
  current?: boolean
  /** What is said at the bar. */
  told: string
}

interface StackedBarsProps {
  /** What the chart shows, for who does not see it. */
  label: string
  bars: Bar[]
  /** Of the series from below, as in design: petrol solid, neutral solid. */
  tones: ('moving' | 'neutral')[]
  width: number
  height?: number
  format: (value: number) => string
}

const left = 28
const foot = 24
const head = 16

/** Counts by week or day in stacked parts, with a gap of 1 px between them. Reached by pointer and arrow keys. */
export function StackedBars({ label, bars, tones, width, height = 260, format }: StackedBarsProps) {
  const sums = bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0))
  const ticks = ticksTo(Math.max(...sums, 0))
  const top = ticks.at(-1) ?? 1
  const y = (value: number) => head + (1 - value / top) * (height - head - foot)
  const slot = (width - left) / Math.max(1, bars.length)
  const bar = Math.min(30, slot * 0.64)
  const middle = (at: number) => left + slot * (at + 0.5)
  const every = Math.ceil(40 / slot)
  return (
    <WithCursor label={label} width={width} height={height} places={bars.map((_, at) => middle(at))} told={(at) => bars[at]?.told ?? ''}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} className={tick === 0 ? classes.zero : classes.line} />
          <text x={left - 8} y={y(tick) + 4} className={classes.tick}>
            {format(tick)}
          </text>
        </g>
      ))}
      {bars.map((each, at) => {
        let sum = 0
        const shown = (bars.length - 1 - at) % every === 0
        return (
          <g key={each.label}>
            {each.values.map((value, series) => {
              const from = sum
              sum += value
              const tall = y(from) - y(sum) - (series > 0 && value > 0 ? 1 : 0)
              return tall > 0 ? <rect key={series} x={middle(at) - bar / 2} width={bar} y={y(sum)} height={tall} className={classes.part} data-tone={tones[series]} /> : null
            })}
            {each.note ? (
              <text x={middle(at)} y={y(sum) - 5} className={classes.note}>
                {each.note}
              </text>
            ) : null}
            {shown ? (
              <text x={middle(at)} y={height - 6} className={classes.label} data-current={each.current || undefined}>
                {each.label}
              </text>
            ) : null}
          </g>
        )
      })}
    </WithCursor>
  )
}

/** A series in the head of its chart. */
export function LegendMark({ tone, children }: { tone: 'moving' | 'neutral'; children: string }) {
  return (
    <span className={classes.legend}>
      <span className={classes.mark} data-tone={tone} aria-hidden />
      {children}
    </span>
  )
}
