import type { TFunction } from 'i18next'
import type { Place } from '../../../api/me'
import { People } from '../../../kit/Avatar'
import { Code, RecordNumber } from '../../../kit/Code'
import { date, instant, quantity } from '../../../kit/figures'
import { Priority, State } from '../../../kit/State'
import type { TableColumn } from '../../../kit/tableItems'
import classes from './WorkOrders.module.css'
import type { WorkOrder } from './useWorkOrders'

/** The code of what an order is for: its asset, else its place. */
export const targetOf = (order: WorkOrder): string => order.asset?.code ?? order.location?.code ?? ''

/** The due date, red when it has passed. */
export function DueDate({ order, locale, today }: { order: WorkOrder; locale: string; today: string }) {
  return <span className={order.overdue ? classes.late : undefined}>{date(order.due_on, locale, today)}</span>
}

/** The columns of the work order list. */
export function workOrderColumns(t: TFunction<'work-order-list'>, { locale, zone }: Place, today: string): TableColumn<WorkOrder>[] {
  return [
    { key: 'number', head: t('number'), width: 54, sort: 'number', cell: (order) => <span className={classes.quiet}><RecordNumber value={order.number} short /></span> },
    { key: 'title', head: t('title'), sort: 'title', cell: (order) => order.title },
    { key: 'target', head: t('target'), width: 108, rank: 1, cell: (order) => <span className={classes.quiet}><Code>{targetOf(order)}</Code></span> },
    { key: 'location', head: t('location'), width: 160, rank: 8, extra: true, cell: (order) => order.location?.name },
    { key: 'status', head: t('status'), width: 160, rank: 7, extra: true, cell: (order) => <State noun="work_order" state={order.status} /> },
    { key: 'type', head: t('type'), width: 110, rank: 9, extra: true, cell: (order) => t(`type.${order.type}` as 'type') },
    { key: 'priority', head: t('priority.short'), width: 40, rank: 3, sort: 'priority', cell: (order) => <Priority value={order.priority} /> },
    { key: 'hours', head: t('hours.head'), width: 56, align: 'right', rank: 6, extra: true, cell: (order) => quantity(order.planned_hours, locale) },
    { key: 'start', head: t('start_on'), width: 84, align: 'right', rank: 6, extra: true, cell: (order) => date(order.start_on, locale, today) },
    { key: 'due', head: t('due'), width: 84, align: 'right', sort: 'due_on', rank: 2, cell: (order) => <DueDate order={order} locale={locale} today={today} /> },
    { key: 'created', head: t('created_at'), width: 130, align: 'right', rank: 10, sort: 'created_at', extra: true, cell: (order) => instant(order.created_at, locale, zone) },
    { key: 'people', head: t('people.short'), unseen: true, width: 34, align: 'right', rank: 4, cell: (order) => <People people={order.assignees} /> },
  ]
}
