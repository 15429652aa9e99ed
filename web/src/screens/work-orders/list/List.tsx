import { Button } from '@mantine/core'
import { IconClipboardList, IconFilterOff } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, useMay, usePlace, useSite } from '../../../api/me'
import { People } from '../../../kit/Avatar'
import { Code, RecordNumber } from '../../../kit/Code'
import { ColumnChooser } from '../../../kit/ColumnChooser'
import { DataTable } from '../../../kit/DataTable'
import { quantity, today as todayAt } from '../../../kit/figures'
import { Filters } from '../../../kit/Filters'
import { useOwnViews } from '../../../kit/ownViews'
import { SavedViews } from '../../../kit/SavedViews'
import { ViewLink } from '../../../kit/ViewLink'
import { Note } from '../../../kit/ScreenStates'
import { Priority, StateGlyph } from '../../../kit/State'
import type { Pages } from '../../../kit/usePages'
import { BulkBar } from './BulkBar'
import { DueDate, targetOf, workOrderColumns } from './columns'
import { dueGroup, hoursOf } from './due'
import { workOrderFilters } from './filters'
import { filterCount, filterKeys, sortOf, type Tab, tabOf, tabs } from './search'
import { useGroupTitle } from './useGroupTitle'
import { TitleRow } from './TitleRow'
import { useWorkOrderCount, useWorkOrderSearch, type WorkOrder } from './useWorkOrders'
import classes from './WorkOrders.module.css'

interface ListProps {
  pages: Pages<WorkOrder>
  /** Opens beside the list; absent where there is no room for both. */
  onBeside?: (order: WorkOrder) => void
  onClose: () => void
}

/** The list of work orders, grouped by when they are due. */
export function List({ pages, onBeside, onClose }: ListProps) {
  const { t } = useTranslation('work-order-list')
  const { t: states } = useTranslation('states')
  const { search, change } = useWorkOrderSearch()
  const navigate = useNavigate()
  const may = useMay()
  const place = usePlace(useSite()?.id)
  const today = todayAt(place.zone)
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const chosen = (pages.rows ?? []).filter(({ id }) => selected.has(id))
  const columns = useMemo(() => workOrderColumns(t, place, today), [t, place.locale, place.zone, today])
  const filters = useMemo(() => workOrderFilters(t, states, may('costs.read')), [t, states])
  const groupTitle = useGroupTitle(today)
  const grouped = sortOf(search) === 'due_on' && tabOf(search) !== 'all'
  const first = useFirstDay()
  const groupOf = useCallback((order: WorkOrder) => dueGroup(order, today, first), [today, first])
  const hours = (figure: number) => t('hours', { hours: quantity(figure, place.locale) })

  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <TitleRow />
      <Tabs />
      <BulkBar orders={chosen} onSelected={setSelected}>
        <Filters filters={filters} values={search} onChange={(changed) => change(changed)} searchKey="q">
          <ColumnChooser columns={columns} shown={search.cols} onShown={(cols) => change({ cols })} />
        </Filters>
      </BulkBar>
      <DataTable
        label={t('heading')}
        scrollId="work-orders"
        columns={columns}
        shown={search.cols}
        {...pages}
        id={(order) => order.id}
        name={(order) => `${order.number} ${order.title}`}
        glyph={(order) => <StateGlyph noun="work_order" state={order.status} />}
        groupOf={grouped ? groupOf : undefined}
        groupHead={(key, orders, whole) => ({
          title: groupTitle(key),
          count: `${quantity(orders.length, place.locale)}${whole ? '' : '+'}`,
          figure: whole && hoursOf(orders) > 0 ? hours(hoursOf(orders)) : undefined,
        })}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === 'due_on' ? undefined : sort })}
        current={search.open}
        onOpen={(order) => void navigate({ to: '/work-orders/$id', params: { id: order.id } })}
        onBeside={onBeside}
        onEscape={onClose}
        selected={selected}
        onSelected={setSelected}
        empty={<Empty />}
        phone={(order) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{order.title}</span>
            <Priority value={order.priority} />
            <span className={classes.phoneMore}>
              <RecordNumber value={order.number} short /> <Code>{targetOf(order)}</Code> <DueDate order={order} locale={place.locale} today={today} />
            </span>
            <People people={order.assignees} />
          </span>
        )}
      />
    </section>
  )
}

function Tabs() {
  const { t } = useTranslation('work-order-list')
  const { search } = useWorkOrderSearch()
  const own = useOwnViews('work-orders', search)
  const counts: Record<Tab, string | undefined> = {
    open: useWorkOrderCount({ saved: 'open' }),
    overdue: useWorkOrderCount({ saved: 'overdue' }),
    parts: useWorkOrderCount({ saved: 'parts' }),
    mine: useWorkOrderCount({ saved: 'mine' }),
    all: useWorkOrderCount({ saved: 'all' }),
  }
  const views = (Object.keys(tabs) as Tab[]).map((key) => ({ key, label: t(`tab.${key}`), count: counts[key] }))
  return (
    <SavedViews
      label={t('views')}
      views={[...views, ...own.views]}
      current={own.current ?? tabOf(search)}
      link={(view, props) => <ViewLink to="/work-orders" search={own.searchOf(view.key) ?? { ...search, saved: view.key === 'open' ? undefined : view.key, open: undefined }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty() {
  const { t } = useTranslation('work-order-list')
  const { search, change } = useWorkOrderSearch()
  const filtered = filterCount(search)
  const inView = useWorkOrderCount({ saved: search.saved })
  if (filtered === 0) {
    return (
      <Note icon={<IconClipboardList size={16} stroke={1.75} />} title={t(`empty.${tabOf(search)}`)}>
        {t('empty.help')}
      </Note>
    )
  }
  const clear = () => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))
  return (
    <Note icon={<IconFilterOff size={16} stroke={1.75} />} title={t('empty.filtered')} actions={<Button onClick={clear}>{t('common:clear_filters')}</Button>}>
      {inView ? t('empty.hidden', { orders: inView, count: filtered }) : null}
    </Note>
  )
}
