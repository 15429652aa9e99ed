import { IconCircleArrowDown, IconHandGrab, IconLock } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { CommandProblem } from '../../../kit/CommandProblem'
import { splitNumber } from '../../../kit/Code'
import { DragGhost } from '../../../kit/DragGhost'
import { capped, quantity } from '../../../kit/figures'
import { Filters } from '../../../kit/Filters'
import { Failed, Loading } from '../../../kit/ScreenStates'
import { StateGlyph } from '../../../kit/State'
import { useDrag } from '../../../kit/useDrag'
import { type Column, columns, moveTo, nextColumn, takers } from './board'
import classes from './Board.module.css'
import { BoardCard, CardFace } from './BoardCard'
import { hoursOf } from './due'
import { workOrderFilters } from './filters'
import type { WorkOrderQuery } from './search'
import { TitleRow } from './TitleRow'
import { usePlanMove } from './usePlanMove'
import { useQuestion, useWorkOrderSearch, type WorkOrder } from './useWorkOrders'
import screen from './WorkOrders.module.css'

const held = 100
const shownFirst = 30

/** Work orders by state. A drag is a command that the server may refuse. */
export function Board() {
  const { t } = useTranslation('work-order-list')
  const { t: states } = useTranslation('states')
  const { search, change } = useWorkOrderSearch()
  const may = useMay()
  const { locale } = usePlace()
  const filters = useMemo(() => workOrderFilters(t, states).filter(({ key }) => key !== 'status'), [t, states])
  const move = usePlanMove()
  const ask = useQuestion()
  const { view: _, saved: __, open: ___, status: ____, ...conditions } = search

  const pages = useQueries({
    queries: columns.map((column) => {
      const query: WorkOrderQuery = { ...ask({ ...conditions, saved: 'all', status: column }), limit: held, count: 'capped', sort: column === 'completed' ? '-created_at' : 'due_on' }
      return { queryKey: ['work-orders', 'board', query], queryFn: () => ok(api.GET('/v1/work-orders', { params: { query } })) }
    }),
  })

  const drag = useDrag<WorkOrder>({
    takes: (order, column) => 'command' in moveTo(order, column as Column, may),
    neighbor: (order, from, arrow) => (arrow === 'ArrowLeft' || arrow === 'ArrowRight' ? nextColumn(order, from, arrow === 'ArrowRight', may) : undefined),
    onDrop: (order, column) => {
      const next = moveTo(order, column as Column, may)
      if ('command' in next) move.run(order, next.command)
    },
  })
  const { lifted } = drag
  const failed = pages.find((page) => page.error && !page.data)

  return (
    <section className={screen.screen} aria-label={t('heading')}>
      <TitleRow>
        <div className={classes.filters}>
          <Filters filters={filters} values={search} onChange={(changed) => change(changed)} searchKey="q" />
        </div>
        <p className={classes.moving} aria-live="assertive">
          {lifted ? (
            <>
              <IconHandGrab size={16} stroke={1.75} /> {t('moving')}{' '}
              <b>
                {splitNumber(lifted.item.number)[1]} {lifted.item.title}
              </b>{' '}
              {lifted.keys && lifted.over ? states(`work_order.${lifted.over}`) : t('moving.columns', { count: takers(lifted.item, may).length, of: columns.length - 1 })}
            </>
          ) : null}
        </p>
      </TitleRow>
      <CommandProblem error={move.error} again={move.again} />
      {move.sheet}
      {failed ? (
        <Failed error={failed.error} retry={() => pages.forEach((page) => page.error && void page.refetch())} />
      ) : (
        <div className={classes.board} data-scroll-restoration-id="work-orders-board" tabIndex={0} role="group" aria-label={t('layout.board')}>
          {columns.map((column, at) => {
            const page = pages[at]?.data
            const orders = page?.items ?? []
            const total = page?.total
            const next = lifted ? moveTo(lifted.item, column, may) : undefined
            const word = states(`work_order.${column}`)
            return (
              <section key={column} className={classes.column} aria-label={word} {...drag.target(column)} data-own={next && 'refusal' in next && next.refusal === 'own' ? true : undefined}>
                <header className={classes.head}>
                  <StateGlyph noun="work_order" state={column} />
                  <h2>{word}</h2>
                  <p>
                    {total ? t('column.orders', { count: total.value, orders: capped(total, locale) }) : null}
                    {page && !page.next_cursor && hoursOf(orders) > 0 ? `, ${t('hours', { hours: quantity(hoursOf(orders), locale) })}` : null}
                  </p>
                </header>
                <div className={classes.cards}>
                  {next && 'command' in next ? (
                    <p className={classes.takes}>
                      <IconCircleArrowDown size={16} stroke={1.75} /> {t(`drop.${next.command}` as 'drop.start')}
                    </p>
                  ) : next && next.refusal !== 'own' ? (
                    <p className={classes.refuses}>
                      <IconLock size={16} stroke={1.75} /> {t(`refusal.${next.refusal}`)}
                    </p>
                  ) : null}
                  {page ? null : <Loading rows={4} />}
                  <ul>
                    {orders.slice(0, shownFirst).map((order) => (
                      <BoardCard
                        key={order.id}
                        order={order}
                        lifted={lifted?.item.id === order.id}
                        busy={move.busy === order.id}
                        moved={move.moved === order.id}
                        handlers={drag.card(order)}
                        run={(name) => move.run(order, name)}
                      />
                    ))}
                  </ul>
                  {total && total.value > shownFirst ? (
                    <Link to="/work-orders" search={{ ...conditions, status: column, saved: 'all' }} className={classes.more}>
                      {t('column.more', { more: capped({ ...total, value: total.value - shownFirst }, locale) })}
                    </Link>
                  ) : null}
                </div>
              </section>
            )
          })}
        </div>
      )}
      {lifted ? (
        <DragGhost lifted={lifted}>
          <CardFace order={lifted.item} />
        </DragGhost>
      ) : null}
    </section>
  )
}
