import type { Schemas } from '../../api/client'
import { addDays } from '../../kit/figures'

type WorkOrder = Schemas['WorkOrder']

export interface Day {
  /** In work now, or else what comes first: the card. */
  now: WorkOrder | undefined
  /** What else is for today. */
  today: WorkOrder[]
  done: WorkOrder[]
  tomorrow: WorkOrder[]
  later: WorkOrder[]
}

const rank: Record<string, number> = { critical: 0, high: 1, medium: 2, low: 3 }
/** The day that somebody expects the work on: planned, else due. */
export const dayOfOrder = (order: Pick<WorkOrder, 'start_on' | 'due_on'>): string => order.start_on ?? order.due_on ?? '9999-12-31'

/** Sorts a person's orders into the day at the site: the running one first, then by day and urgency. */
export function dayOfWork(open: WorkOrder[], done: WorkOrder[], today: string): Day {
  const running = (order: WorkOrder) => order.status === 'in_progress'
  const sorted = [...open].sort(
    (a, b) =>
      Number(running(b)) - Number(running(a)) ||
      (running(a) && running(b) ? (b.started_at ?? '').localeCompare(a.started_at ?? '') : 0) ||
      dayOfOrder(a).localeCompare(dayOfOrder(b)) ||
      (rank[a.priority] ?? 9) - (rank[b.priority] ?? 9),
  )
  const begun = (order: WorkOrder) => running(order) || order.status === 'on_hold'
  const forToday = sorted.filter((order) => begun(order) || dayOfOrder(order) <= today)
  const rest = sorted.filter((order) => !forToday.includes(order))
  const now = forToday.find((order) => running(order) || (order.allowed_commands ?? []).includes('start'))
  return {
    now,
    today: forToday.filter((order) => order !== now),
    done,
    tomorrow: rest.filter((order) => dayOfOrder(order) === addDays(today, 1)),
    later: rest.filter((order) => dayOfOrder(order) > addDays(today, 1)),
  }
}

export interface Segment {
  id: string
  /** Planned hours; an order without counts as one hour. */
  weight: number
  state: 'done' | 'running' | 'open'
  /** Part of a running one that is worked, 0 to 1. */
  part: number
}

/** The bar over the day: a piece for every order, as wide as its planned hours. */
export function segments({ now, today, done }: Day, workedHours: number | undefined): Segment[] {
  const piece = (order: WorkOrder): Segment => {
    const weight = Number(order.planned_hours ?? 0) || 1
    const state = done.includes(order) ? 'done' : order.status === 'in_progress' ? 'running' : 'open'
    return { id: order.id, weight, state, part: state === 'running' && order === now ? Math.min(1, (workedHours ?? 0) / weight) : 0 }
  }
  return [...done, ...(now ? [now] : []), ...today].map(piece)
}

/** Planned hours of today's orders that are not worked yet, in seconds; orders without planned hours say nothing. */
export function secondsLeft({ now, today }: Day, workedHours: number | undefined): number {
  const planned = [...(now ? [now] : []), ...today].reduce((sum, order) => sum + Number(order.planned_hours ?? 0), 0)
  const worked = now?.status === 'in_progress' ? Math.min(Number(now.planned_hours ?? 0), workedHours ?? 0) : 0
  return Math.round((planned - worked) * 3600)
}

/** Time of work is told in hours, never in days: «52 h 30 min». */
export function workTime(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const rest = minutes % 60
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${rest} min`
  return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`
}
