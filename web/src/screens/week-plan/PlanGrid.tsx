import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { Avatar, People } from '../../kit/Avatar'
import { dayOf, quantity } from '../../kit/figures'
import type { useDrag } from '../../kit/useDrag'
import type { OrderMove } from '../work-orders/list/useOrderMove'
import { cellOf, nobody, type Plan, rowsOf, shareOf, sumOf, wholeHours } from './plan'
import { PlanCard } from './PlanCard'
import type { WorkOrder } from './usePlanned'
import type { LiftedOrder } from './WeekPlan'
import classes from './WeekPlan.module.css'

export interface PlanPerson {
  id: string
  name: string
}

interface PlanGridProps {
  people: PlanPerson[]
  days: string[]
  today: string
  orders: WorkOrder[]
  drag: ReturnType<typeof useDrag<LiftedOrder>>
  move: OrderMove
  planAt: (order: WorkOrder, from: string | undefined, cell: string) => Plan
  corner: ReactNode
  /** Hours against capacity, where the reader may see them. */
  load?: Schemas['CrewLoad']
}

const over = new Set(['completed', 'closed'])

/** The grid of the week plan: a row a person, a column a day. */
export function PlanGrid({ people, days, today, orders, drag, move, planAt, corner, load }: PlanGridProps) {
  const { t } = useTranslation('week-plan')
  const { locale } = usePlace()
  const hours = (figure: number) => t('hours', { hours: quantity(figure, locale) })
  const name = (day: string) => `${new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }).format(dayOf(day))} ${Number(day.slice(8))}`
  const { lifted } = drag

  const dayHead = (day: string) => {
    const crew = load?.days?.find(({ date }) => date === day)
    if (crew) {
      const [planned, capacity] = [Number(crew.planned_hours), Number(crew.capacity_hours)]
      if (planned === 0 && capacity === 0) return t('day.no_crew')
      if (planned > capacity) return <span className={classes.over}>{t('day.over', { hours: quantity(planned, locale), capacity: quantity(capacity, locale), over: quantity(Math.round((planned - capacity) * 10) / 10, locale) })}</span>
      if (day < today) return t('day.done', { done: quantity(crew.done_hours, locale), hours: quantity(capacity, locale) })
      return t('day.of', { hours: quantity(planned, locale), capacity: quantity(capacity, locale) })
    }
    const those = orders.filter((order) => order.start_on === day)
    const sum = sumOf(those, wholeHours)
    if (sum === 0) return t('day.free')
    const done = sumOf(those.filter((order) => over.has(order.status)), wholeHours)
    return day <= today ? t('day.done', { done: quantity(done, locale), hours: quantity(sum, locale) }) : hours(sum)
  }

  return (
    <div className={classes.grid} role="table" aria-label={t('heading')} tabIndex={0} data-scroll-restoration-id="week-plan">
      <div role="row" className={classes.row} data-head>
        <span role="columnheader" className={classes.corner}>
          {corner}
        </span>
        {days.map((day) => (
          <span key={day} role="columnheader" className={classes.day} data-today={day === today || undefined}>
            <b>{day === today ? t('day.today', { day: name(day) }) : name(day)}</b>
            <span>{dayHead(day)}</span>
          </span>
        ))}
      </div>
      {people.map((person) => {
        const own = orders.filter((order) => rowsOf(order).includes(person.id))
        const crew = load?.items?.find((member) => member.person.id === person.id)
        return (
          <div key={person.id} role="row" className={classes.row}>
            <span role="rowheader" className={classes.person}>
              {person.id === nobody ? <People people={null} size={24} /> : <Avatar name={person.name} size={24} />}
              <b>{person.id === nobody ? t('kit:nobody') : person.name}</b>
              <span>
                {crew && Number(crew.capacity_hours) > 0 ? <LoadBar planned={Number(crew.planned_hours)} capacity={Number(crew.capacity_hours)} /> : null}
                <span className={classes.sum}>{crew ? t('day.of', { hours: quantity(crew.planned_hours, locale), capacity: quantity(crew.capacity_hours, locale) }) : own.length > 0 ? t('person.sum', { count: own.length, hours: quantity(sumOf(own, shareOf), locale) }) : t('day.free')}</span>
              </span>
            </span>
            {days.map((day) => {
              const cell = cellOf(person.id, day)
              const there = own.filter((order) => order.start_on === day)
              const plan = lifted ? planAt(lifted.item.order, lifted.item.from, cell) : undefined
              const takes = plan && 'command' in plan
              const now = sumOf(there, shareOf)
              const limit = crew?.days?.find(({ date }) => date === day)
              const dropped = lifted ? Math.round((now + shareOf({ ...lifted.item.order, assignees: [] })) * 10) / 10 : 0
              // Only the day over which it is held says why it refuses: all at once would be a wall of words.
              const why = plan && 'refusal' in plan && plan.refusal !== 'here' && lifted?.over === cell ? plan.refusal : undefined
              return (
                <span key={day} role="cell" className={classes.cell} data-past={day < today || undefined} data-off={limit && Number(limit.capacity_hours) === 0 ? true : undefined} data-today={day === today || undefined} {...drag.target(cell)} data-here={plan && 'refusal' in plan && plan.refusal === 'here' ? true : undefined}>
                  <span className={classes.load}>
                    {why ? (
                      <span className={classes.why}>
                        <IconLock size={14} stroke={1.75} /> {t(`refusal.${why}`)}
                      </span>
                    ) : null}
                    {takes && lifted?.over === cell ? (
                      limit ? t('dropped.of', { hours: quantity(dropped, locale), capacity: quantity(limit.capacity_hours, locale) }) : t('dropped', { hours: quantity(dropped, locale) })
                    ) : limit && Number(limit.planned_hours) > 0 ? (
                      <span data-over={Number(limit.planned_hours) > Number(limit.capacity_hours) || undefined}>{t('cell.of', { hours: quantity(limit.planned_hours, locale), capacity: quantity(limit.capacity_hours, locale) })}</span>
                    ) : now > 0 ? (
                      hours(now)
                    ) : null}
                  </span>
                  {there.length > 0 ? (
                    <ul>
                      {there.map((order) => (
                        <PlanCard
                          key={order.id}
                          order={order}
                          lifted={lifted?.item.order.id === order.id}
                          busy={move.busy === order.id}
                          moved={move.moved === order.id}
                          handlers={drag.card({ order, from: person.id })}
                          run={(name) => move.run(order, name)}
                        />
                      ))}
                    </ul>
                  ) : null}
                </span>
              )
            })}
          </div>
        )
      })}
      {people.length === 0 ? (
        <div role="row">
          <span role="cell" className={classes.empty}>
            {t('empty')}
          </span>
        </div>
      ) : null}
    </div>
  )
}

function LoadBar({ planned, capacity }: { planned: number; capacity: number }) {
  return (
    <span className={classes.bar} data-over={planned > capacity || undefined} aria-hidden>
      <span style={{ width: `${Math.min(100, (planned / capacity) * 100)}%` }} />
    </span>
  )
}
