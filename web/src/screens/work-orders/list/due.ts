import { addDays, dayOf } from '../../../kit/figures'

/** Monday of the week of a day. */
export const mondayOf = (day: string): string => addDays(day, -((dayOf(day).getUTCDay() + 6) % 7))

/** Number of the week of a day (ISO 8601: the week that has the year's first Thursday is 1). */
export function weekOf(day: string): number {
  const thursday = addDays(mondayOf(day), 3)
  const first = `${thursday.slice(0, 4)}-01-01`
  return Math.floor((dayOf(thursday).getTime() - dayOf(first).getTime()) / 86_400_000 / 7) + 1
}

interface Due {
  overdue: boolean
  due_on?: string
}

/** Which group of the due dates an open order stands in: overdue, today, week (what is left of it), next, a month, none. */
export function dueGroup(order: Due, today: string): string {
  if (order.overdue) return 'overdue'
  if (!order.due_on) return 'none'
  if (order.due_on <= today) return 'today'
  const monday = mondayOf(today)
  if (order.due_on < addDays(monday, 7)) return 'week'
  if (order.due_on < addDays(monday, 14)) return 'next'
  return order.due_on.slice(0, 7)
}

/** Sum of planned hours, to the tenth. */
export const hoursOf = (orders: { planned_hours?: string }[]): number => Math.round(orders.reduce((sum, order) => sum + Number(order.planned_hours ?? 0), 0) * 10) / 10

/** The days that a month's grid shows: whole weeks around `YYYY-MM`. */
export function monthDays(month: string): string[] {
  const first = mondayOf(`${month}-01`)
  const next = nextMonth(month, 1)
  const days: string[] = []
  for (let day = first; days.length % 7 !== 0 || day < `${next}-01`; day = addDays(day, 1)) days.push(day)
  return days
}

/** The month before or after, `YYYY-MM`. */
export function nextMonth(month: string, step: 1 | -1): string {
  return addDays(`${month}-01`, step === 1 ? 31 : -1).slice(0, 7)
}
