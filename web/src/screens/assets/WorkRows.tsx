import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { date, quantity, today } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { Panel } from '../../kit/Panel'
import { type Asset, openStatuses, type WorkOrder, workQuery } from './queries'
import classes from './Rows.module.css'

const shown = 5

/** Open work of an asset by due date, filled up with what was done last. */
export function WorkRows({ asset, title }: { asset: Asset; title: string }) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const open = useQuery(workQuery(asset.id, { status: openStatuses, sort: 'due_on', limit: shown }))
  const past = useQuery(workQuery(asset.id, { status: ['completed', 'closed'], limit: shown }))
  const all = useQuery(workQuery(asset.id, { limit: 1 })).data?.total
  const now = today(zone)
  const rows = [...(open.data?.items ?? []), ...(past.data?.items ?? [])].slice(0, shown)
  return (
    <Panel
      flush
      title={title}
      note={open.data?.total?.value ? t('work.open', { count: open.data.total.value, figure: quantity(open.data.total.value, locale) }) : null}
      action={
        all && all.value > 0 ? (
          <Link to="." search={(search) => ({ ...search, tab: 'work' as const })} className={classes.all}>
            {t('all', { figure: quantity(all.value, locale) })}
          </Link>
        ) : null
      }
    >
      {open.isError ? <Failed error={open.error} retry={() => void open.refetch()} /> : null}
      {open.isPending || past.isPending ? <Loading rows={shown} /> : null}
      {open.data && past.data && rows.length === 0 ? <Note title={t('work.none')}>{t('work.none_help')}</Note> : null}
      <ul className={classes.rows}>
        {rows.map((order) => (
          <li key={order.id}>
            <Go href={`/work-orders/${order.id}`} className={classes.row}>
              <StateGlyph noun="work_order" state={order.status} />
              <span className={classes.number}>
                <RecordNumber value={order.number} short />
              </span>
              <span className={classes.title}>{order.title}</span>
              <span className={classes.when} data-late={order.overdue || undefined}>
                {whenOf(order, locale, zone, now)}
              </span>
            </Go>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function whenOf(order: WorkOrder, locale: string, zone: string, now: string): string {
  const over = order.closed_at ?? order.completed_at
  const done = order.completed_at ?? over
  return done ? date(today(zone, new Date(done)), locale, now) : date(order.due_on, locale, now, true)
}
