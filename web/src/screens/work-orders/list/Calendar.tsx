import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconHandGrab, IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, useMay, usePlace, useSite } from '../../../api/me'
import { splitNumber } from '../../../kit/Code'
import { CommandProblem } from '../../../kit/CommandProblem'
import { DragGhost } from '../../../kit/DragGhost'
import { date, dayOf, daysBetween, quantity, today as todayAt } from '../../../kit/figures'
import { Filters } from '../../../kit/Filters'
import { Failed, Loading, Note } from '../../../kit/ScreenStates'
import { useDrag } from '../../../kit/useDrag'
import { usePhone } from '../../../kit/usePhone'
import { weekStart } from '../../../kit/weeks'
import { DayList } from '../../week-plan/DayList'
import { nextCell, nobody, type Plan, planOf, rowsOf, sumOf, wholeHours } from '../../week-plan/plan'
import { PlanCard, PlanFace } from '../../week-plan/PlanCard'
import { useDueUnplanned, usePlanned } from '../../week-plan/usePlanned'
import classes from './Calendar.module.css'
import { monthDays, nextMonth } from './due'
import { workOrderFilters } from './filters'
import { TitleRow } from './TitleRow'
import { usePlanMove } from './usePlanMove'
import { useQuestion, useWorkOrderSearch, type WorkOrder } from './useWorkOrders'
import screen from './WorkOrders.module.css'

const shownInDay = 4
const icon = { size: 16, stroke: 1.75 }

/** A month of work: orders on the day they are planned for, else on the day they are due. A drag plans. */
export function Calendar() {
  const { t } = useTranslation('work-order-list')
  const { t: plan } = useTranslation('week-plan')
  const { t: states } = useTranslation('states')
  const { search, change } = useWorkOrderSearch()
  const may = useMay()
  const phone = usePhone()
  const { locale, zone } = usePlace(useSite()?.id)
  const today = todayAt(zone)
  const month = /^\d{4}-\d{2}$/.test(search.month ?? '') ? (search.month as string) : today.slice(0, 7)
  const first = useFirstDay()
  const days = monthDays(month, first)
  const [from, to] = [days[0] ?? today, days.at(-1) ?? today]
  const { status: _, due_from: __, due_to: ___, ...conditions } = useQuestion()({ ...search, saved: 'all', status: undefined, due_from: undefined, due_to: undefined })
  const planned = usePlanned(from, to, conditions)
  const due = useDueUnplanned(from, to, conditions)
  const move = usePlanMove()
  const filters = useMemo(() => workOrderFilters(t, states).filter(({ key }) => key !== 'status' && key !== 'due' && key !== 'overdue'), [t, states])
  const orders = [...(planned.data?.orders ?? []), ...(due.data?.orders ?? [])]
  const dayOfOrder = (order: WorkOrder) => order.start_on ?? order.due_on ?? ''

  const planAt = (order: WorkOrder, day: string): Plan => {
    const row = rowsOf(order)[0] ?? nobody
    return planOf(order, { from: row, person: row, day, today }, may)
  }
  const drag = useDrag<WorkOrder>({
    takes: (order, day) => 'command' in planAt(order, day),
    neighbor: (order, over, arrow) => {
      const weeks = days.filter((_day, at) => at % 7 === 0)
      const at = days.indexOf(over ?? dayOfOrder(order))
      const takes = (cell: string) => 'command' in planAt(order, dayAt(cell))
      const dayAt = (cell: string) => days[weeks.indexOf(cell.split(' ')[0] ?? '') * 7 + Number(cell.split(' ')[1])] ?? ''
      const next = nextCell(weeks, ['0', '1', '2', '3', '4', '5', '6'], [weeks[Math.floor(at / 7)] ?? '', String(at % 7)], arrow, takes)
      return next && dayAt(next)
    },
    onDrop: (order, day) => {
      const asked = planAt(order, day)
      if ('command' in asked) move.run(order, asked.command, asked.body)
    },
  })
  const { lifted } = drag
  const failed = planned.error && !planned.data ? planned : due.error && !due.data ? due : undefined
  const go = (next: string) => change({ month: next === today.slice(0, 7) ? undefined : next })
  const weekday = (day: string) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }).format(dayOf(day))

  return (
    <section className={screen.screen} aria-label={t('heading')}>
      <TitleRow>
        <span className={classes.month}>
          <ActionIcon aria-label={t('month.previous')} onClick={() => go(nextMonth(month, -1))}>
            <IconChevronLeft {...icon} />
          </ActionIcon>
          <h2 aria-live="polite">{new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(dayOf(`${month}-01`))}</h2>
          <ActionIcon aria-label={t('month.next')} onClick={() => go(nextMonth(month, 1))}>
            <IconChevronRight {...icon} />
          </ActionIcon>
          <Button onClick={() => go(today.slice(0, 7))}>{t('group.today')}</Button>
        </span>
        <div className={classes.filters}>
          <Filters filters={filters} values={search} onChange={(changed) => change(changed)} />
        </div>
        <p className={classes.moving} aria-live="assertive">
          {lifted ? (
            <>
              <IconHandGrab {...icon} /> {t('moving')}{' '}
              <b>
                {splitNumber(lifted.item.number)[1]} {lifted.item.title}
              </b>
              {lifted.over ? ` ${date(lifted.over, locale, today, true)}` : null}
            </>
          ) : null}
        </p>
      </TitleRow>
      <CommandProblem error={move.error} again={move.again} />
      {move.sheet}
      {planned.data?.more || due.data?.more ? <Note title={t('month.more')} role="status" /> : null}
      {failed ? (
        <Failed error={failed.error} retry={() => void failed.refetch()} />
      ) : !planned.data || !due.data ? (
        <Loading rows={12} />
      ) : phone ? (
        <DayList days={days.filter((day) => day.startsWith(month))} today={today} orders={orders.map((order) => ({ ...order, start_on: dayOfOrder(order) }))} run={move.run} />
      ) : (
        <div className={classes.grid} role="table" aria-label={t('layout.calendar')} tabIndex={0} data-scroll-restoration-id="work-orders-calendar">
          <div role="row" className={classes.head}>
            {days.slice(0, 7).map((day) => (
              <span key={day} role="columnheader">
                {weekday(day)}
              </span>
            ))}
          </div>
          {days.filter((_day, at) => at % 7 === 0).map((begin) => (
            <div key={begin} role="row" className={classes.week}>
              {days.slice(days.indexOf(begin), days.indexOf(begin) + 7).map((day) => {
                const there = orders.filter((order) => dayOfOrder(order) === day)
                const asked = lifted ? planAt(lifted.item, day) : undefined
                const why = asked && 'refusal' in asked && asked.refusal !== 'here' && lifted?.over === day ? asked.refusal : undefined
                const hours = sumOf(there, wholeHours)
                return (
                  <div key={day} role="cell" className={classes.day} data-other={!day.startsWith(month) || undefined} data-today={day === today || undefined} {...drag.target(day)} data-here={asked && 'refusal' in asked && asked.refusal === 'here' ? true : undefined}>
                    <p className={classes.top}>
                      <time dateTime={day} aria-label={date(day, locale, today, true)}>
                        {Number(day.slice(8))}
                      </time>
                      {why ? (
                        <span className={classes.why}>
                          <IconLock size={14} stroke={1.75} /> {plan(`refusal.${why}`)}
                        </span>
                      ) : hours > 0 ? (
                        <span>{t('hours', { hours: quantity(hours, locale) })}</span>
                      ) : null}
                    </p>
                    <ul>
                      {there.slice(0, shownInDay).map((order) => (
                        <PlanCard
                          key={order.id}
                          order={order}
                          lifted={lifted?.item.id === order.id}
                          busy={move.busy === order.id}
                          moved={move.moved === order.id}
                          due={order.start_on ? undefined : order.overdue && order.due_on ? plan('late', { count: Math.max(1, daysBetween(order.due_on, today)) }) : plan('unplanned')}
                          late={order.overdue}
                          handlers={drag.card(order)}
                          run={(name) => move.run(order, name)}
                        />
                      ))}
                    </ul>
                    {there.length > shownInDay ? (
                      <Link to="/week-plan" search={{ week: weekStart(day, first) }} className={classes.more}>
                        {t('column.more', { more: quantity(there.length - shownInDay, locale) })}
                      </Link>
                    ) : null}
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      )}
      {lifted ? (
        <DragGhost lifted={lifted}>
          <PlanFace order={lifted.item} />
        </DragGhost>
      ) : null}
    </section>
  )
}
