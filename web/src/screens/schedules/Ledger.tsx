import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { date, today as todayAt } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { Became } from './Became'
import { isoWeek } from '../../kit/weeks'
import type { Schedule } from './draft'
import classes from './SchedulePage.module.css'

const pageSize = 25

/** What became of every due date so far, the latest first. */
export function Ledger({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const today = todayAt(schedule.time_zone)
  const pages = useInfiniteQuery({
    queryKey: ['maintenance-schedules', schedule.id, 'occurrences', 'ledger'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ok(api.GET('/v1/maintenance-schedules/{id}/occurrences', { params: { path: { id: schedule.id }, query: { sort: '-due_on', limit: pageSize, cursor: pageParam } }, signal })),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
  const rows = pages.data?.pages.flatMap((page) => page.items ?? [])
  return (
    <section className={classes.panel}>
      <h2>{t('editor.so_far')}</h2>
      {pages.error ? <Failed error={pages.error} retry={() => void pages.refetch()} /> : null}
      {!rows && !pages.error ? <Loading rows={4} /> : null}
      {rows?.length === 0 ? <p className={classes.empty}>{t('page.no_past')}</p> : null}
      {rows && rows.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('preview.due')}</th>
              <th className={classes.wide}>{t('preview.week')}</th>
              <th>{t('page.became')}</th>
              <th className={classes.wide}>{t('page.revision')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.due_key}>
                <td className={classes.due}>{date(one.due_on, locale, today, true)}</td>
                <td className={`${classes.quiet} ${classes.wide}`}>{t('preview.week_of', { week: isoWeek(one.due_on) })}</td>
                <td>
                  <span className={classes.became}>
                    <Became occurrence={one} />
                  </span>
                </td>
                <td className={`${classes.quiet} ${classes.wide}`}>{one.revision}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {pages.hasNextPage ? (
        <div className={classes.foot}>
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('page.older')}
          </Button>
        </div>
      ) : null}
    </section>
  )
}
