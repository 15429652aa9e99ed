import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { date, today } from '../../kit/figures'
import { Became } from './Became'
import classes from './SoFar.module.css'
import { occurrencesQuery } from './queries'

const shownOf = 4

/** What became of the last dates. Nothing where there were none. */
export function SoFar({ id }: { id: string }) {
  const { t } = useTranslation('schedules')
  const { locale, zone } = usePlace()
  const past = useQuery(occurrencesQuery(id, { sort: '-due_on', status: ['generated', 'completed', 'suppressed', 'skipped', 'missed', 'cancelled'], limit: shownOf, count: 'capped' }))
  const items = past.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section>
      <div className={classes.head}>
        <h2>{t('editor.so_far')}</h2>
        <Link to="/schedules/$scheduleId" params={{ scheduleId: id }}>
          {t('editor.so_far_all', { count: past.data?.total?.value ?? items.length })}
        </Link>
      </div>
      <ul className={classes.list}>
        {items.map((one) => (
          <li key={one.due_key}>
            <span>{date(one.due_on, locale, today(zone), true)}</span>
            <Became occurrence={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}
