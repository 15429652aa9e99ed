import { Button, SegmentedControl } from '@mantine/core'
import { IconCalendar, IconLayoutKanban, IconList, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/me'
import { usePageName } from '../../../kit/pageName'
import page from '../../../kit/PageTitle.module.css'
import { type Layout, layouts } from './search'
import { useWorkOrderSearch } from './useWorkOrders'
import classes from './WorkOrders.module.css'

const icons: Record<Layout, ReactNode> = {
  list: <IconList size={14} stroke={1.75} />,
  board: <IconLayoutKanban size={14} stroke={1.75} />,
  calendar: <IconCalendar size={14} stroke={1.75} />,
}

/** The title row of all three, with the way to a new order: at the phone's thumb. */
export function TitleRow({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('work-order-list')
  const { search, change } = useWorkOrderSearch()
  const may = useMay()
  usePageName(t('heading'))
  return (
    <header className={classes.title}>
      <h1>{t('heading')}</h1>
      {children}
      <SegmentedControl
        className={classes.layouts}
        aria-label={t('layout')}
        value={search.view ?? 'list'}
        onChange={(view) => change({ view: view === 'list' ? undefined : (view as Layout), open: undefined }, false)}
        data={layouts.map((value) => ({
          value,
          label: (
            <span className={classes.layout}>
              {icons[value]}
              {t(`layout.${value}`)}
            </span>
          ),
        }))}
      />
      {may('work_orders.create') ? (
        <div className={page.main} data-phone-commands>
          <Button variant={search.open ? 'default' : 'filled'} leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to="/work-orders/new" />}>
            {t('shell:nav.new_work_order')}
          </Button>
        </div>
      ) : null}
    </header>
  )
}
