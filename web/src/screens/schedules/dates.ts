import { addDays, daysBetween } from '../../kit/figures'
import { type Weekday, weekNumber, weekStart } from '../../kit/weeks'
import { cycleDays, sentenceOf } from './rule'

/** Minutes that a zone is ahead of UTC at noon of a date. */
export function offsetAt(date: string, zone: string): number {
  const at = new Date(`${date}T12:00:00Z`)
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return (Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute) - at.getTime()) / 60_000
}

export interface ClockChange {
  to: 'summer' | 'winter'
  /** «UTC+2». */
  offset: string
}

/** Whether the clocks of a zone stand differently on a date than on the one before it in the list. */
export function clockChange(before: string, date: string, zone: string): ClockChange | undefined {
  const [was, is] = [offsetAt(before, zone), offsetAt(date, zone)]
  if (was === is) return undefined
  const sign = is < 0 ? '−' : '+'
  const minutes = Math.abs(is) % 60
  return { to: is > was ? 'summer' : 'winter', offset: `UTC${sign}${Math.floor(Math.abs(is) / 60)}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}` }
}

export interface DueDate {
  due_on: string
  due_key: string
  /** The day follows from how a meter has run so far. */
  estimated?: boolean
}

/** The figure of the meter at which a date is due; undefined where the calendar gives it. */
export const thresholdOf = (dueKey: string): string | undefined => (/^m-?\d/.test(dueKey) ? dueKey.slice(1) : undefined)

export interface PreviewRow extends DueDate {
  /** The date that stood here before the edit, where it is another. */
  was?: string
  clock?: ClockChange
  /** The day on which its work order is created. */
  created: string
}

/** The next dates of a rule, each beside what the saved rule has in its place. */
export function previewRows(dates: DueDate[], saved: DueDate[] | undefined, options: { from: string; zone: string; lead: number; limit?: number }): PreviewRow[] {
  const { from, zone, lead, limit = 10 } = options
  const ahead = (all: DueDate[]) => all.filter(({ due_on }) => due_on >= from).slice(0, limit)
  const old = saved && ahead(saved)
  const next = ahead(dates)
  return next.map((due, at) => {
    const before = next[at - 1]?.due_on ?? from
    const was = old?.[at]?.due_on
    return {
      ...due,
      was: old && was !== due.due_on ? was : undefined,
      clock: clockChange(before, due.due_on, zone),
      created: addDays(due.due_on, -lead),
    }
  })
}

/** How many of the shown dates an edit changes; dates that fall away count too. */
export function changedDates(dates: DueDate[], saved: DueDate[] | undefined, from: string, limit = 10): number {
  if (!saved) return 0
  const ahead = (all: DueDate[]) => all.filter(({ due_on }) => due_on >= from).slice(0, limit)
  const [next, old] = [ahead(dates), ahead(saved)]
  return Array.from({ length: Math.max(next.length, old.length) }, (_, at) => next[at]?.due_on !== old[at]?.due_on).filter(Boolean).length
}

const longestForecastYears = 29

/** How far a preview must reach to hold ten dates and the next 12 months. */
export function previewUntil(rrule: string | undefined, from: string): string {
  const sentence = rrule ? sentenceOf(rrule) : null
  const days = sentence ? cycleDays(sentence) * 12 : 366 * 6
  return addDays(from, Math.round(Math.min(Math.max(days, 372), longestForecastYears * 365)))
}

export interface Week {
  /** The day with which it begins. */
  begins: string
  week: number
  dates: string[]
}

/** The 52 weeks from the running one on, with the dates that fall into each. */
export function yearOf(dates: DueDate[], from: string, firstDay: Weekday): Week[] {
  const first = weekStart(from, firstDay)
  const weeks: Week[] = Array.from({ length: 52 }, (_, at) => {
    const begins = addDays(first, at * 7)
    return { begins, week: weekNumber(begins), dates: [] }
  })
  for (const { due_on } of dates) {
    if (due_on < from) continue
    weeks[Math.floor(daysBetween(first, due_on) / 7)]?.dates.push(due_on)
  }
  return weeks
}

/** The weeks in which a month begins, for the axis: index of the week and the month. */
export function monthMarks(weeks: Week[]): { at: number; month: number }[] {
  return weeks.flatMap(({ begins }, at) => {
    const last = addDays(begins, 6)
    const month = Number(last.slice(5, 7))
    return Number(last.slice(8, 10)) <= 7 ? [{ at, month }] : []
  })
}

/** By how many days a completion `late` days late moves what follows; lateness within the tolerance moves nothing. */
export function movedBy(late: number, shiftFactor: number, toleranceDays: number): number {
  return late <= toleranceDays ? 0 : Math.round((late * shiftFactor) / 100)
}
