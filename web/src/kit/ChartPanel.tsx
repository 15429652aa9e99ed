import { ActionIcon, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconChartLine, IconTable } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './ChartPanel.module.css'
import { Panel } from './Panel'

interface ChartPanelProps {
  title: string
  note?: ReactNode
  legend?: ReactNode
  action?: ReactNode
  /** The same data to read line by line. */
  head: readonly string[]
  lines: readonly (readonly string[])[]
  /** Draws the chart in a width in px. */
  children: (width: number) => ReactNode
}

/** A block with a chart and the switch to its data as a table. */
export function ChartPanel({ title, note, legend, action, head, lines, children }: ChartPanelProps) {
  const { t } = useTranslation('kit')
  const [table, setTable] = useState(false)
  const { ref, width } = useElementSize()
  const other = t(table ? 'chart.as_chart' : 'chart.as_table', { title })
  const legendAndSwitch = (
    <>
      {legend}
      <Tooltip label={other}>
        <ActionIcon size={24} className={classes.switch} aria-label={other} onClick={() => setTable(!table)}>
          {table ? <IconChartLine size={16} stroke={1.75} /> : <IconTable size={16} stroke={1.75} />}
        </ActionIcon>
      </Tooltip>
    </>
  )
  return (
    <Panel title={title} note={note} legend={legendAndSwitch} action={action}>
      {table ? (
        <div className={classes.frame} tabIndex={0} role="region" aria-label={title}>
          <table className={classes.table}>
            <thead>
              <tr>
                {head.map((word) => (
                  <th key={word} scope="col">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line, at) => (
                <tr key={at}>
                  {line.map((text, column) => (
                    <td key={column}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div ref={ref}>{width > 0 ? children(width) : null}</div>
      )}
    </Panel>
  )
}

interface CursorProps {
  label: string
  width: number
  height: number
  /** Where the points stand, left to right. */
  places: readonly number[]
  /** What is said at a point. */
  told: (at: number) => string
  children: ReactNode
}

/** A drawing whose points are reached by pointer and by arrow keys; what the point says stands above it. */
export function WithCursor({ label, width, height, places, told, children }: CursorProps) {
  const [at, setAt] = useState<number>()
  const place = at === undefined ? undefined : places[at]

  function move(event: PointerEvent<SVGSVGElement>) {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left
    const nearest = places.reduce((best, each, index) => (Math.abs(each - x) < Math.abs((places[best] ?? Number.POSITIVE_INFINITY) - x) ? index : best), 0)
    setAt(places.length > 0 ? nearest : undefined)
  }

  function press(event: KeyboardEvent) {
    const last = places.length - 1
    const next = { ArrowLeft: Math.max(0, (at ?? last + 1) - 1), ArrowRight: Math.min(last, (at ?? -1) + 1), Home: 0, End: last }[event.key]
    if (next === undefined || last < 0) return
    event.preventDefault()
    setAt(next)
  }

  return (
    <div className={classes.drawing}>
      <svg width={width} height={height} className={classes.svg} role="img" aria-label={label} tabIndex={0} onPointerMove={move} onPointerLeave={() => setAt(undefined)} onKeyDown={press} onBlur={() => setAt(undefined)}>
        {children}
        {place === undefined ? null : <line x1={place} x2={place} y1={0} y2={height - 22} className={classes.hair} />}
      </svg>
      <div className={classes.told} aria-live="polite" data-left={(place !== undefined && place > width / 2) || undefined} style={place === undefined ? { display: 'none' } : { insetInlineStart: place }}>
        {at === undefined ? null : told(at)}
      </div>
    </div>
  )
}
