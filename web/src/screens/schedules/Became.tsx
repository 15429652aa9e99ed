import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import type { Schemas } from '../../api/client'
import { date, daysBetween, today } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import { lookOf } from '../../kit/states'
import classes from './Became.module.css'

export type Occurrence = Schemas['Occurrence']

/** What became of one due date, in words: «Done 12 days late», «Skipped: winter stop», with its work order. */
export function Became({ occurrence }: { occurrence: Occurrence }) {
  const { t } = useTranslation('schedules')
  const { locale, zone } = usePlace()
  const may = useMay()
  const { status, due_on, completed_on, reason, work_order_id } = occurrence
  const [glyph, tone] = lookOf('occurrence', status)
  const day = (value: string) => date(value, locale, today(zone))
  const late = completed_on ? daysBetween(due_on, completed_on) : 0
  const words =
    status === 'completed' && completed_on
      ? late > 0
        ? t('became.late', { count: late, date: day(completed_on) })
        : t('became.in_time', { date: day(completed_on) })
      : reason
        ? t('became.reason', { state: t(`states:occurrence.${status}`), reason })
        : t(`states:occurrence.${status}`)
  return (
    <>
      <span className={classes.state} data-tone={tone}>
        <Glyph name={glyph} />
        <span>{words}</span>
      </span>
      {work_order_id && may('work_orders.read') ? (
        <Link className={classes.order} to="/work-orders/$id" params={{ id: work_order_id }}>
          {t('became.order')}
        </Link>
      ) : null}
    </>
  )
}
