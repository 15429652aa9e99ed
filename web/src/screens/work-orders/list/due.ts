import { addDays } from '../../../kit/figures'
import { type Weekday, weekStart } from '../../../kit/weeks'

interface Due {
  overdue: boolean
  due_on?: string
}

/** Which group of the due dates an open order stands in: overdue, today, week (what is left of it), next, a month, none. */
export function dueGroup(order: Due, today: string, first: Weekday): string {
  if (order.overdue) return 'overdue'
  if (!order.due_on) return 'none'
  if (order.due_on <= today) return 'today'
  const begin = weekStart(today, first)
  if (order.due_on < addDays(begin, 7)) return 'week'
  if (order.due_on < addDays(begin, 14)) return 'next'
  return order.due_on.slice(0, 7)
}

// A list is drawn many times a second while it is scrolled, and its groups may have ten thousand rows.
const sums = new WeakMap<object, number>()

/** Sum of planned hours, to the tenth. A list that is not changed in place is added up once. */
export function hoursOf(orders: readonly { planned_hours?: string }[]): number {
  let sum = sums.get(orders)
  if (sum === undefined) {
    sum = Math.round(orders.reduce((hours, order) => hours + Number(order.planned_hours ?? 0), 0) * 10) / 10
    sums.set(orders, sum)
  }
  return sum
}

/** The days that a month's grid shows: whole weeks around `YYYY-MM`. */
export function monthDays(month: string, firstDay: Weekday): string[] {
  const first = weekStart(`${month}-01`, firstDay)
  const next = nextMonth(month, 1)
  const days: string[] = []
  for (let day = first; days.length % 7 !== 0 || day < `${next}-01`; day = addDays(day, 1)) days.push(day)
  return days
}

/** The month before or after, `YYYY-MM`. */
export function nextMonth(month: string, step: 1 | -1): string {
  return addDays(`${month}-01`, step === 1 ? 31 : -1).slice(0, 7)
}
