import { Button } from '@mantine/core'
import { IconCalendar, IconHandGrab, IconLayoutKanban, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, useMay, usePlace, useSite } from '../../api/me'
import { Code } from '../../kit/Code'
import { CommandProblem } from '../../kit/CommandProblem'
import { DragGhost } from '../../kit/DragGhost'
import { addDays, date, dayOf, quantity, today as todayAt } from '../../kit/figures'
import { Filters } from '../../kit/Filters'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { useDrag } from '../../kit/useDrag'
import { usePhone } from '../../kit/usePhone'
import { WeekSteps } from '../../kit/WeekSteps'
import { weekNumber, weekStart } from '../../kit/weeks'
import { workOrderFilters } from '../work-orders/list/filters'
import { usePlanMove } from '../work-orders/list/usePlanMove'
import { useQuestion } from '../work-orders/list/useWorkOrders'
import { DayList } from './DayList'
import { daysOf, nextCell, nobody, personAndDay, planOf, rowsOf, sumOf, wholeHours } from './plan'
import { PlanFace } from './PlanCard'
import { PlanGrid, type PlanPerson } from './PlanGrid'
import { planFilterKeys } from './routes'
import { Tray } from './Tray'
import { crewLoadQuery, usePeople, usePlanned, useUnplanned, type WorkOrder } from './usePlanned'
import classes from './WeekPlan.module.css'

export interface LiftedOrder {
  order: WorkOrder
  /** The row it was taken from; undefined from the orders without a date. */
  from: string | undefined
}

const icon = { size: 16, stroke: 1.75 }

/** People and days of one week: who does what when. A drag plans or assigns. */
export function WeekPlan() {
  const { t } = useTranslation('week-plan')
  const { t: words } = useTranslation('work-order-list')
  const { t: states } = useTranslation('states')
  const search = useSearch({ from: '/shell/week-plan' })
  const navigate = useNavigate({ from: '/week-plan' })
  const may = useMay()
  const phone = usePhone()
  const site = useSite()
  const { locale, zone } = usePlace(site?.id)
  const today = todayAt(zone)
  const first = useFirstDay()
  const begin = weekStart(search.week ?? today, first)
  const days = daysOf(begin)
  const change = (changed: Record<string, string | undefined>) => void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })

  const conditions = useQuestion()({ saved: 'all', ...Object.fromEntries(planFilterKeys.map((key) => [key, search[key]])) })
  const planned = usePlanned(begin, addDays(begin, 6), conditions)
  const unplanned = useUnplanned(conditions)
  const everybody = usePeople()
  const load = useQuery({ ...crewLoadQuery(begin, addDays(begin, 6), conditions.location_id ?? undefined), enabled: may('crew_load.read') }).data
  const move = usePlanMove()
  const filters = useMemo(() => workOrderFilters(words, states).filter(({ key }) => (planFilterKeys as readonly string[]).includes(key)), [words, states])
  usePageName(t('heading'))

  const orders = planned.data?.orders ?? []
  const people = peopleOf(orders, everybody, search.everybody === 'true')
  const ids = people.map(({ id }) => id)
  const persons = ids.filter((id) => id !== nobody).length

  const drag = useDrag<LiftedOrder>({
    takes: ({ order, from }, cell) => 'command' in planAt(order, from, cell),
    neighbor: ({ order, from }, over, arrow) => nextCell(ids, days, over ? personAndDay(over) : [from ?? ids[0] ?? nobody, order.start_on ?? today], arrow, (cell) => 'command' in planAt(order, from, cell)),
    onDrop: ({ order, from }, cell) => {
      const plan = planAt(order, from, cell)
      if ('command' in plan) move.run(order, plan.command, plan.body)
    },
  })
  function planAt(order: WorkOrder, from: string | undefined, cell: string) {
    const [person, day] = personAndDay(cell)
    return planOf(order, { from, person, day, today }, may)
  }
  const { lifted } = drag

  const between = (day: string) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long' }).format(dayOf(day))

  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <header className={classes.head}>
        <h1>
          {t('week', { week: weekNumber(begin) })} <small>{t('span', { from: between(begin), to: between(addDays(begin, 6)) })}</small>
        </h1>
        <WeekSteps begin={begin} current={weekStart(today, first)} word={t('today')} go={(week) => change({ week })} />
        <div className={classes.filters}>
          <Filters filters={filters} values={search} onChange={change} />
        </div>
        <p className={classes.moving} aria-live="assertive">
          {lifted ? (
            <>
              <IconHandGrab {...icon} /> {t('moving')}{' '}
              <b>
                <Code>{lifted.item.order.asset?.code ?? lifted.item.order.location?.code}</Code> {lifted.item.order.title}
              </b>
              {lifted.keys && lifted.over ? ` ${people.find(({ id }) => id === personAndDay(lifted.over ?? '')[0])?.name ?? ''}, ${date(personAndDay(lifted.over)[1], locale, today, true)}` : null}
            </>
          ) : null}
        </p>
        <nav className={classes.layouts} aria-label={words('layout')}>
          <span aria-current="page">
            <IconUsers size={14} stroke={1.75} /> {t('people')}
          </span>
          <Link to="/work-orders" search={{ view: 'calendar' }}>
            <IconCalendar size={14} stroke={1.75} /> {t('month')}
          </Link>
          <Link to="/work-orders" search={{ view: 'board' }}>
            <IconLayoutKanban size={14} stroke={1.75} /> {words('layout.board')}
          </Link>
        </nav>
      </header>
      <CommandProblem error={move.error} again={move.again} />
      {move.sheet}
      {planned.data?.more ? <Note title={t('more')} role="status" /> : null}
      {planned.error && !planned.data ? (
        <Failed error={planned.error} retry={() => void planned.refetch()} />
      ) : !planned.data ? (
        <Loading rows={12} />
      ) : phone ? (
        <DayList days={days} today={today} orders={orders} run={move.run} />
      ) : (
        <PlanGrid
          people={people}
          days={days}
          today={today}
          orders={orders}
          drag={drag}
          move={move}
          planAt={planAt}
          load={load}
          corner={
            <>
              {t('sum', { count: persons, people: quantity(persons, locale), hours: quantity(sumOf(orders, wholeHours), locale) })}
              {everybody.length > 0 ? (
                <Button variant="subtle" aria-pressed={search.everybody === 'true'} onClick={() => change({ everybody: search.everybody ? undefined : 'true' })}>
                  {t(search.everybody ? 'with_work' : 'everybody')}
                </Button>
              ) : null}
            </>
          }
        />
      )}
      <Tray page={unplanned.data} today={today} drag={drag} move={move} phone={phone} />
      {lifted ? (
        <DragGhost lifted={lifted}>
          <PlanFace order={lifted.item.order} />
        </DragGhost>
      ) : null}
    </section>
  )
}

/** The rows of the plan: who has work in it by name, then everybody else where asked for; last the work that nobody was given. */
function peopleOf(orders: WorkOrder[], everybody: PlanPerson[], all: boolean): PlanPerson[] {
  const busy = new Map(orders.flatMap((order) => order.assignees ?? []).map((person) => [person.id, person]))
  const others = all ? everybody.filter(({ id }) => !busy.has(id)) : []
  const people = [...[...busy.values()].sort((a, b) => a.name.localeCompare(b.name)), ...others]
  return orders.some((order) => rowsOf(order).includes(nobody)) ? [...people, { id: nobody, name: '' }] : people
}
