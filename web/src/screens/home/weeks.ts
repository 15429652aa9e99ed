import { addDays, dayOf } from '../../kit/figures'

/** The Monday of a day's week, both `YYYY-MM-DD`. */
export function mondayOf(day: string): string {
  return addDays(day, -((dayOf(day).getUTCDay() + 6) % 7))
}

/** Number of the week by ISO 8601: week 1 holds the year's first Thursday. */
export function weekOf(day: string): number {
  const thursday = addDays(mondayOf(day), 3)
  const first = mondayOf(`${thursday.slice(0, 4)}-01-04`)
  return Math.round((dayOf(thursday).getTime() - dayOf(first).getTime()) / 604_800_000 + 0.5)
}
