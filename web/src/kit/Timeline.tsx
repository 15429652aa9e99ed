import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '../api/me'
import type { Tone } from '../theme/theme'
import { date, duration, today } from './figures'
import { Glyph, type GlyphName } from './glyphs'
import classes from './Timeline.module.css'
import { type Moment, timelineRows } from './timeline'

export interface TimelineEntry extends Moment {
  /** On the rail: a state's glyph with its tone, or an icon. */
  mark: { glyph: GlyphName; tone: Tone } | ReactNode
  /** A sentence, the person in bold. */
  title: ReactNode
  /** Numbers or reasons under it. */
  detail?: ReactNode
  /** The words of a person, in a frame. */
  said?: string
  /** Pictures and the like. */
  below?: ReactNode
}

interface TimelineProps {
  /** Newest first. */
  entries: TimelineEntry[]
  place: Place
  /** How many a folded run is called: «6 readings». */
  runWords: (entries: TimelineEntry[]) => string
  /** Reads what is older; absent at the beginning of time. */
  older?: () => void
  olderBusy?: boolean
}

const isGlyph = (mark: TimelineEntry['mark']): mark is { glyph: GlyphName; tone: Tone } => typeof mark === 'object' && mark !== null && 'glyph' in mark

/** What happened, newest first, in the site's time. New entries slide in only while the list stands at its top; else a count leads up. */
export function Timeline({ entries, place, runWords, older, olderBusy }: TimelineProps) {
  const { t } = useTranslation('timeline')
  const frame = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState(entries[0]?.id)
  const [atTop, setAtTop] = useState(true)
  const [unfolded, setUnfolded] = useState<Set<string>>(new Set())
  const newest = entries[0]?.id
  if (atTop && newest !== seen) setSeen(newest)
  const fresh = entries.findIndex((entry) => entry.id === seen)
  const held = useRef(0)
  // What comes in above must not move what is being read.
  useLayoutEffect(() => {
    const node = frame.current
    if (!node) return
    const grown = node.scrollHeight - held.current
    if (!atTop && fresh > 0 && held.current > 0 && grown > 0) node.scrollTop += grown
    held.current = node.scrollHeight
  }, [newest])

  const now = today(place.zone)
  const time = new Intl.DateTimeFormat(place.locale, { timeZone: place.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const dayWords = (day: string) => (day === now ? t('today') : date(day, place.locale, now, true))
  const one = (entry: TimelineEntry) => (
    <li key={entry.id} className={classes.entry}>
      <time className={classes.time} dateTime={entry.at}>
        {time.format(new Date(entry.at))}
      </time>
      <span className={classes.rail}>
        {isGlyph(entry.mark) ? (
          <span className={classes.mark} data-tone={entry.mark.tone}>
            <Glyph name={entry.mark.glyph} />
          </span>
        ) : (
          <span className={classes.mark}>{entry.mark}</span>
        )}
      </span>
      <div className={classes.words}>
        <p>{entry.title}</p>
        {entry.detail ? <p className={classes.detail}>{entry.detail}</p> : null}
        {entry.said ? <blockquote className={classes.said}>{entry.said}</blockquote> : null}
        {entry.below}
      </div>
    </li>
  )
  return (
    <div className={classes.frame} ref={frame} onScroll={(event) => setAtTop(event.currentTarget.scrollTop < 8)} tabIndex={0} role="region" aria-label={t('title')}>
      {!atTop && fresh > 0 ? (
        <button type="button" className={classes.fresh} onClick={() => frame.current?.scrollTo({ top: 0 })}>
          {t('fresh', { count: fresh })}
        </button>
      ) : null}
      <ol className={classes.list}>
        {timelineRows(entries, place.zone).map((row) => {
          if (row.kind === 'day') {
            return (
              <li key={row.id} className={classes.day}>
                {dayWords(row.day)}
              </li>
            )
          }
          if (row.kind === 'gap') {
            return (
              <li key={row.id} className={classes.gap}>
                <span>{t('gap', { time: duration(row.seconds) })}</span>
              </li>
            )
          }
          if (row.kind === 'entry') return one(row.entry)
          if (unfolded.has(row.id)) return row.entries.map(one)
          return (
            <li key={row.id} className={classes.gap}>
              <button type="button" className="ms-focus" aria-expanded={false} onClick={() => setUnfolded((old) => new Set(old).add(row.id))}>
                {runWords(row.entries)}
              </button>
            </li>
          )
        })}
      </ol>
      {older ? (
        <button type="button" className={classes.older} onClick={older} aria-busy={olderBusy || undefined}>
          {t('older')}
        </button>
      ) : null}
    </div>
  )
}
