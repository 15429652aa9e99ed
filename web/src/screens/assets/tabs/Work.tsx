import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { usePlace } from '../../../api/me'
import { People } from '../../../kit/Avatar'
import { RecordNumber } from '../../../kit/Code'
import { DataTable } from '../../../kit/DataTable'
import { date, today as todayAt } from '../../../kit/figures'
import { Note } from '../../../kit/ScreenStates'
import { Priority, State, StateGlyph } from '../../../kit/State'
import type { TableColumn } from '../../../kit/tableItems'
import { usePages } from '../../../kit/usePages'
import { useRouter } from '@tanstack/react-router'
import type { TabProps } from '../AssetPage'
import type { WorkOrder } from '../queries'
import rows from '../Rows.module.css'
import classes from './Tabs.module.css'

/** All work of an asset, newest first. */
export function Work({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const router = useRouter()
  const place = usePlace(asset.site_id)
  const today = todayAt(place.zone)
  const query = { asset_id: [asset.id], sort: '-created_at' as const, limit: 100 }
  const pages = usePages<WorkOrder>(['work-orders', 'of', asset.id, 'all'], (cursor, signal) => ok(api.GET('/v1/work-orders', { params: { query: { ...query, cursor } }, signal })))
  const day = (order: WorkOrder) => (order.completed_at ? date(todayAt(place.zone, new Date(order.completed_at)), place.locale, today) : date(order.due_on, place.locale, today))
  const columns: TableColumn<WorkOrder>[] = [
    { key: 'number', head: t('work.number'), width: 62, cell: (order) => <RecordNumber value={order.number} short /> },
    { key: 'title', head: t('work.title'), cell: (order) => order.title },
    { key: 'status', head: t('list.state'), width: 170, rank: 2, cell: (order) => <State noun="work_order" state={order.status} /> },
    { key: 'priority', head: t('work.priority'), width: 70, rank: 3, cell: (order) => <Priority value={order.priority} /> },
    { key: 'when', head: t('work.when'), width: 110, align: 'right', rank: 1, cell: (order) => <span className={rows.when} data-late={order.overdue || undefined}>{day(order)}</span> },
    { key: 'people', head: t('work.people'), width: 70, align: 'right', rank: 4, cell: (order) => <People people={order.assignees} /> },
  ]
  return (
    <div className={classes.table}>
      <DataTable
        label={t('tab.work')}
        scrollId={`work ${asset.id}`}
        columns={columns}
        {...pages}
        id={(order) => order.id}
        name={(order) => `${order.number} ${order.title}`}
        glyph={(order) => <StateGlyph noun="work_order" state={order.status} />}
        onOpen={(order) => router.history.push(`/work-orders/${order.id}`)}
        empty={<Note title={t('work.none')}>{t('work.none_help')}</Note>}
        phone={(order) => (
          <span className={classes.phone}>
            <span>{order.title}</span>
            <span className={classes.quiet}>
              <RecordNumber value={order.number} short /> {day(order)}
            </span>
          </span>
        )}
      />
    </div>
  )
}
