import { useQuery } from '@tanstack/react-query'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { dayOf, today } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import type { WorkOrder } from '../work-orders/detail/order'
import { dayOfWork } from './day'
import { DayProgress } from './DayProgress'
import classes from './MyWork.module.css'
import { NowCard } from './NowCard'
import { OrderRow } from './OrderRow'

const open = ['approved', 'waiting_material', 'scheduled', 'in_progress', 'on_hold'] as const

const openQuery = {
  queryKey: ['work-orders', 'mine', 'open'],
  queryFn: async () => (await ok(api.GET('/v1/work-orders', { params: { query: { assignee_id: ['me'], status: [...open], sort: 'due_on', limit: 200 } } }))).items ?? [],
}
const doneQuery = {
  queryKey: ['work-orders', 'mine', 'done'],
  queryFn: async () => (await ok(api.GET('/v1/work-orders', { params: { query: { assignee_id: ['me'], status: ['completed', 'closed'], sort: '-created_at', limit: 100 } } }))).items ?? [],
}

/** A technician's day: what is in work with its commands, then the rest of today, tomorrow and later. The phone's home. */
export function MyWork() {
  const { t } = useTranslation('my-work')
  const { locale, zone } = usePlace()
  const mine = useQuery(openQuery)
  const done = useQuery(doneQuery)
  const [showDone, setShowDone] = useState(false)
  if (mine.error && !mine.data) return <Failed error={mine.error} retry={() => void mine.refetch()} page />
  if (!mine.data) return <Loading />

  const now = today(zone)
  const finished = (done.data ?? []).filter((order) => order.completed_at && today(zone, new Date(order.completed_at)) === now)
  const day = dayOfWork(mine.data, finished, now)
  const count = day.done.length + day.today.length + (day.now ? 1 : 0)
  const heading = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }).format(dayOf(now))
  return (
    <div className={classes.page}>
      <h1 className={classes.heading}>{heading}</h1>
      {count > 0 ? <DayProgress day={day} total={count} /> : null}
      {day.now ? <NowCard key={day.now.id} order={day.now} /> : null}
      {count === day.done.length ? (
        <div className={classes.nothing}>
          <Note title={t('empty')}>{t(day.tomorrow.length + day.later.length > 0 ? 'empty.later' : 'empty.help')}</Note>
        </div>
      ) : null}
      <Rows orders={day.today} today={now} />
      {day.done.length > 0 ? (
        <section className={classes.rows}>
          <button type="button" className={classes.fold} aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>
            <span className={classes.good}>
              <Glyph name="disc-check" size={18} />
            </span>
            <span className={classes.words}>
              {t('done_today')} <span className={classes.count}>{day.done.length}</span>
            </span>
            {showDone ? <IconChevronUp size={20} stroke={1.75} /> : <IconChevronDown size={20} stroke={1.75} />}
          </button>
          {showDone ? <Rows orders={day.done} today={now} inside /> : null}
        </section>
      ) : null}
      <Rows title={t('tomorrow')} orders={day.tomorrow} today={now} />
      <Rows title={t('later')} orders={day.later} today={now} />
    </div>
  )
}

function Rows({ title, orders, today: todayIs, inside }: { title?: string; orders: WorkOrder[]; today: string; inside?: boolean }) {
  if (orders.length === 0) return null
  const list = (
    <ul className={inside ? classes.inside : classes.rows}>
      {orders.map((order) => (
        <OrderRow key={order.id} order={order} today={todayIs} />
      ))}
    </ul>
  )
  if (!title) return list
  return (
    <section>
      <h2 className={classes.section}>{title}</h2>
      {list}
    </section>
  )
}
