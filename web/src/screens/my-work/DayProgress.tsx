import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { quantity } from '../../kit/figures'
import { useTimer } from '../work-orders/detail/Hours'
import type { WorkOrder } from '../work-orders/detail/order'
import { type Day, secondsLeft, segments, workTime } from './day'
import classes from './MyWork.module.css'

/** How far the day is: done of all, hours left, and a bar with a piece for every order. */
export function DayProgress({ day, total }: { day: Day; total: number }) {
  return day.now ? <Timed day={day} total={total} order={day.now} /> : <Bar day={day} total={total} worked={undefined} />
}

function Timed({ order, ...rest }: { day: Day; total: number; order: WorkOrder }) {
  const seconds = useTimer(order)
  return <Bar {...rest} worked={seconds === undefined ? undefined : seconds / 3600} />
}

function Bar({ day, total, worked }: { day: Day; total: number; worked: number | undefined }) {
  const { t } = useTranslation('my-work')
  const { locale } = usePlace()
  const left = Math.round(secondsLeft(day, worked) / 600) * 600
  return (
    <div className={classes.progress}>
      <p>
        <strong>{t('done_of', { done: quantity(day.done.length, locale), total: quantity(total, locale) })}</strong>
        {left > 0 ? <span>{t('left', { time: workTime(left) })}</span> : null}
      </p>
      <div className={classes.bar} aria-hidden>
        {segments(day, worked).map((piece) => (
          <span key={piece.id} data-state={piece.state} style={{ flexGrow: piece.weight }}>
            {piece.state === 'running' ? <i style={{ width: `${piece.part * 100}%` }} /> : null}
          </span>
        ))}
      </div>
    </div>
  )
}
