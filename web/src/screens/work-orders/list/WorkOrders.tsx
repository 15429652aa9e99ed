import { SegmentedControl } from '@mantine/core'
import { IconCalendar, IconLayoutKanban, IconList } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { List } from './List'
import type { Layout } from './search'
import { useWorkOrderSearch } from './useWorkOrders'
import classes from './WorkOrders.module.css'

const icons: Record<Layout, ReactNode> = {
  list: <IconList size={14} stroke={1.75} />,
  board: <IconLayoutKanban size={14} stroke={1.75} />,
  calendar: <IconCalendar size={14} stroke={1.75} />,
}

/** Work orders as list, board or calendar. */
export function WorkOrders() {
  return <List />
}

/** The title row of all three. */
export function TitleRow({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('work-order-list')
  const { search, change } = useWorkOrderSearch()
  const shown: Layout[] = ['list']
  return (
    <header className={classes.title}>
      <h1>{t('heading')}</h1>
      {children}
      {shown.length > 1 ? (
        <SegmentedControl
          className={classes.layouts}
          aria-label={t('layout')}
          value={search.view ?? 'list'}
          onChange={(view) => change({ view: view === 'list' ? undefined : (view as Layout), open: undefined }, false)}
          data={shown.map((value) => ({
            value,
            label: (
              <span className={classes.layout}>
                {icons[value]}
                {t(`layout.${value}`)}
              </span>
            ),
          }))}
        />
      ) : null}
    </header>
  )
}
