import { today } from './figures'

export interface Moment {
  id: string
  at: string
  /** Set for what a machine did: runs of the same word fold into one line. */
  machine?: string
}

export type TimelineRow<Entry> =
  | { kind: 'day'; id: string; day: string }
  | { kind: 'entry'; id: string; entry: Entry }
  | { kind: 'run'; id: string; entries: Entry[] }
  | { kind: 'gap'; id: string; seconds: number }

const longest = 2 * 3600
const run = 3

/** Rows of a timeline from its entries, newest first: days of the site, gaps over two hours, runs of a machine folded. */
export function timelineRows<Entry extends Moment>(entries: Entry[], zone: string): TimelineRow<Entry>[] {
  const rows: TimelineRow<Entry>[] = []
  let day = ''
  for (let at = 0; at < entries.length; ) {
    const entry = entries[at] as Entry
    const newer = entries[at - 1]
    if (newer) {
      const seconds = Math.round((Date.parse(newer.at) - Date.parse(entry.at)) / 1000)
      if (seconds > longest) rows.push({ kind: 'gap', id: `gap ${entry.id}`, seconds })
    }
    const its = today(zone, new Date(entry.at))
    if (its !== day) rows.push({ kind: 'day', id: `day ${its}`, day: its })
    day = its

    let end = at + 1
    while (entry.machine && entries[end]?.machine === entry.machine && today(zone, new Date((entries[end] as Entry).at)) === day) end++
    if (end - at >= run) {
      rows.push({ kind: 'run', id: `run ${entry.id}`, entries: entries.slice(at, end) })
      at = end
    } else {
      rows.push({ kind: 'entry', id: entry.id, entry })
      at++
    }
  }
  return rows
}
