import type { ReactNode } from 'react'
import classes from './Panel.module.css'

interface PanelProps {
  title: string
  /** The block waits for the reader: a hi-vis mark before the title. */
  attention?: boolean
  /** Stands after the title, quieter. */
  note?: ReactNode
  legend?: ReactNode
  /** A link or command at the right. */
  action?: ReactNode
  /** Rows that reach the panel's edges. */
  flush?: boolean
  children: ReactNode
}

/** A titled block that lies flat on the page. `attention` marks what waits for the reader. */
export function Panel({ title, attention, note, legend, action, flush, children }: PanelProps) {
  return (
    <section className={classes.panel} data-flush={flush || undefined}>
      <header className={classes.head}>
        {attention ? <span className={classes.attention} aria-hidden /> : null}
        <h2>{title}</h2>
        {note ? <span className={classes.note}>{note}</span> : null}
        {legend ? <span className={classes.legend}>{legend}</span> : null}
        {action ? <span className={classes.action}>{action}</span> : null}
      </header>
      <div className={classes.body}>{children}</div>
    </section>
  )
}
