import { Button, Table } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { date, money, quantity, today } from '../../../kit/figures'
import { Loading, Note } from '../../../kit/ScreenStates'
import { useNow } from '../../../kit/useNow'
import classes from './Hours.module.css'
import { HoursSheet } from './HoursSheet'
import type { WorkOrder } from './order'
import { timelineQuery } from './OrderTimeline'
import { clock, workedSeconds } from './timer'

/** The seconds that an order is in work, anew every second; undefined while the timeline is not read or nobody works. */
export function useTimer(order: WorkOrder): number | undefined {
  const running = order.status === 'in_progress'
  const timeline = useInfiniteQuery({ ...timelineQuery(order.id), enabled: running })
  const now = useNow(1000, running)
  if (!running || !timeline.data) return undefined
  return workedSeconds(timeline.data.pages.flatMap((page) => page.items ?? []), order.started_at, now)
}

/** Hours worked on an order, the running timer, and recording more. */
export function Hours({ order, entries, total }: { order: WorkOrder; entries: Schemas['LaborEntry'][] | undefined; total: string }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const { locale, zone } = usePlace()
  const timer = useTimer(order)
  const [open, setOpen] = useState(false)
  if (!entries) return <Loading rows={3} />
  const amounts = entries.some((entry) => entry.amount)
  const records = may('work_orders.execute') && !['cancelled', 'closed', 'waiting_approval'].includes(order.status)
  return (
    <div className={classes.hours}>
      <div className={classes.top}>
        {timer === undefined ? null : (
          <span className={classes.timer}>
            <strong>{clock(timer)}</strong> {t('timer.running')}
          </span>
        )}
        {records ? (
          <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setOpen(true)}>
            {t('labor.add')}
          </Button>
        ) : null}
      </div>
      {entries.length === 0 ? (
        <Note title={t('labor.empty')} />
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('labor.day')}</Table.Th>
              <Table.Th>{t('labor.person')}</Table.Th>
              <Table.Th>{t('labor.kind')}</Table.Th>
              <Table.Th className={classes.figure}>{t('labor.hours')}</Table.Th>
              {amounts ? <Table.Th className={classes.figure}>{t('labor.amount')}</Table.Th> : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td>{date(entry.worked_on, locale, today(zone), true)}</Table.Td>
                <Table.Td>{entry.user?.name}</Table.Td>
                <Table.Td>{t(`labor.${entry.kind}`)}</Table.Td>
                <Table.Td className={classes.figure}>{quantity(entry.hours, locale)}</Table.Td>
                {amounts ? <Table.Td className={classes.figure}>{money(entry.amount, locale)}</Table.Td> : null}
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Td colSpan={3}>{t('total')}</Table.Td>
              <Table.Td className={classes.figure}>{quantity(total, locale)}</Table.Td>
              {amounts ? <Table.Td /> : null}
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      )}
      {open ? <HoursSheet order={order} entries={entries} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}
