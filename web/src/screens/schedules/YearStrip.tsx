import { Button, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, usePlace } from '../../api/me'
import { date, quantity } from '../../kit/figures'
import { type DueDate, monthMarks, type Week, yearOf } from './dates'
import { monthName } from './describe'
import classes from './YearStrip.module.css'

/** The work that a schedule asks for in each of the next 52 weeks, as a strip and as a table. */
export function YearStrip({ dates, from, hours }: { dates: DueDate[]; from: string; hours: string }) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const [table, setTable] = useState(false)
  const weeks = yearOf(dates, from, useFirstDay())
  const each = Number(hours) || 0
  const most = Math.max(1, ...weeks.map((week) => week.dates.length))
  const sum = weeks.reduce((all, week) => all + week.dates.length, 0)
  const load = ({ dates: days }: Week) => (days.length === 0 ? t('load.nothing') : each > 0 ? t('load.hours', { hours: quantity(each * days.length, locale, 1) }) : t('load.times', { count: days.length }))
  const words = (week: Week) => t('load.cell', { week: week.week, date: date(week.begins, locale, from), load: load(week) })
  return (
    <section className={classes.panel}>
      <div className={classes.head}>
        <h2>{t('load.title')}</h2>
        <span className={classes.sum}>{each > 0 ? t('load.sum', { hours: quantity(each * sum, locale, 1) }) : t('load.times', { count: sum })}</span>
        <span className={classes.space} />
        <Button variant="subtle" size="xs" onClick={() => setTable(!table)}>
          {t(table ? 'load.chart' : 'load.table')}
        </Button>
      </div>
      {table ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('preview.week')}</th>
              <th>{t('preview.due')}</th>
              <th className={classes.right}>{t('load.head')}</th>
            </tr>
          </thead>
          <tbody>
            {weeks
              .filter((week) => week.dates.length > 0)
              .map((week) => (
                <tr key={week.begins}>
                  <td>{t('preview.week_of', { week: week.week })}</td>
                  <td>{week.dates.map((day) => date(day, locale, from, true)).join(', ')}</td>
                  <td className={classes.right}>{load(week)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      ) : (
        <>
          <p className={classes.caption}>{each > 0 ? t('load.each', { hours: quantity(each, locale, 1) }) : t('load.this')}</p>
          <ol className={classes.strip} aria-label={t('load.title')}>
            {weeks.map((week) => (
              <li key={week.begins}>
                <Tooltip label={words(week)}>
                  {/* Only weeks with work are stops of the keyboard: 52 of them would be a wall. */}
                  <span className={classes.cell} data-load={week.dates.length === 0 ? 0 : Math.max(1, Math.ceil((week.dates.length / most) * 4))} tabIndex={week.dates.length > 0 ? 0 : -1} role="img" aria-label={words(week)} />
                </Tooltip>
              </li>
            ))}
          </ol>
          <div className={classes.months} aria-hidden>
            {monthMarks(weeks).map(({ at, month }) => (
              <span key={at} style={{ gridColumnStart: at + 1 }}>
                {monthName(month, locale, 'short')}
              </span>
            ))}
          </div>
        </>
      )}
    </section>
  )
}
