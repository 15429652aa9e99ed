import { addDays, dayOf, daysBetween } from './figures'

/** A weekday as the browser counts them: 0 is Sunday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6

const firstDays: Record<string, Weekday> = { monday: 1, saturday: 6, sunday: 0 }

/** The weekday with which weeks begin, by the company's word for it. */
export const firstDayOf = (start: string): Weekday => firstDays[start] ?? 1

/** The day with which the week of a day begins, both `YYYY-MM-DD`. */
export const weekStart = (day: string, first: Weekday): string => addDays(day, -((dayOf(day).getUTCDay() - first + 7) % 7))

/** Number of the week in which a day lies by ISO 8601: from Monday, and week 1 holds the year's first Thursday. */
export function isoWeek(day: string): number {
  const thursday = addDays(weekStart(day, 1), 3)
  return 1 + Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7)
}

/** Number of the week that begins with a day: that of the ISO week in which most of its days lie. */
export const weekNumber = (start: string): number => isoWeek(addDays(start, 3))
