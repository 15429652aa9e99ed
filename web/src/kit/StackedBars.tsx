import { useId } from 'react'
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
  /** A line across the bar; what rises over it is hatched red, with `over` on top. */
  limit?: number
  over?: string
  /** What is said at the bar. */
  told: string
}

interface StackedBarsProps {
  /** What the chart shows, for who does not see it. */
  label: string
  bars: Bar[]
  /** Of the series from below, as in design: petrol text, petrol solid, petrol edge with an outline, neutral solid. */
  tones: BarTone[]
  width: number
  height?: number
  format: (value: number) => string
  /** Every bar has its label, however narrow. */
  every?: boolean
}

export type BarTone = 'deep' | 'moving' | 'edge' | 'neutral'

const left = 28
const foot = 24
const head = 16

/** Counts by week or day in stacked parts, with a gap of 1 px between them. Reached by pointer and arrow keys. */
export function StackedBars({ label, bars, tones, width, height = 260, format, every: all = false }: StackedBarsProps) {
  const sums = bars.map((bar) => bar.values.reduce((sum, value) => sum + value, 0))
  const hatch = useId()
  const ticks = ticksTo(Math.max(...sums, ...bars.map(({ limit }) => limit ?? 0), 0))
  const top = ticks.at(-1) ?? 1
  const y = (value: number) => head + (1 - value / top) * (height - head - foot)
  const slot = (width - left) / Math.max(1, bars.length)
  const bar = Math.min(36, slot * 0.64)
  const middle = (at: number) => left + slot * (at + 0.5)
  const every = all ? 1 : Math.ceil(40 / slot)
  return (
    <WithCursor label={label} width={width} height={height} places={bars.map((_, at) => middle(at))} told={(at) => bars[at]?.told ?? ''}>
      <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="5" height="5" className={classes.overGround} />
        <line x1="0" y1="0" x2="0" y2="5" className={classes.overLine} />
      </pattern>
      {ticks.map((tick) => (
        <text key={tick} x={left - 8} y={y(tick) + 4} className={classes.tick}>
          {format(tick)}
        </text>
      ))}
      {bars.map((each, at) => (each.current && each.limit !== undefined ? <rect key={each.label} x={middle(at) - slot * 0.45} width={slot * 0.9} y={0} height={height} className={classes.now} /> : null))}
      {ticks.map((tick) => (
        <line key={tick} x1={left} x2={width} y1={y(tick)} y2={y(tick)} className={tick === 0 ? classes.zero : classes.line} />
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
            {each.limit !== undefined && sum > each.limit ? (
              <>
                <rect x={middle(at) - bar / 2} width={bar} y={y(sum)} height={y(each.limit) - y(sum)} fill={`url(#${hatch})`} className={classes.over} />
                <text x={middle(at)} y={y(sum) - 5} className={classes.overNote}>
                  {each.over}
                </text>
              </>
            ) : null}
            {each.limit !== undefined ? <line x1={middle(at) - bar / 2 - 6} x2={middle(at) + bar / 2 + 6} y1={y(each.limit)} y2={y(each.limit)} className={classes.limit} /> : null}
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
export function LegendMark({ tone, children }: { tone: BarTone | 'limit'; children: string }) {
  return (
    <span className={classes.legend}>
      <span className={classes.mark} data-tone={tone} aria-hidden />
      {children}
    </span>
  )
}
