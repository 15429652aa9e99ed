import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { ChartPanel } from '../../kit/ChartPanel'
import { addDays, dayOf, quantity, today } from '../../kit/figures'
import { LegendMark, StackedBars } from '../../kit/StackedBars'
import { chartHeight } from './chartHeight'
import { crewLoadQuery } from '../week-plan/usePlanned'

/** Hours of a week by day: done, planned, and what people can work; what is over it stands out. */
export function Crew({ site, begin }: { site?: string; begin: string }) {
  const { t } = useTranslation('home')
  const may = useMay()
  const { locale, zone } = usePlace(site)
  const now = today(zone)
  const load = useQuery({ ...crewLoadQuery(begin, addDays(begin, 6), site ? [site] : undefined), enabled: may('crew_load.read') }).data
  if (!load?.days?.length) return null
  const n = (value: number) => quantity(value, locale, 1)
  const word = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short', day: 'numeric' })
  const bars = load.days.map((day) => {
    const [done, planned, capacity] = [Number(day.done_hours), Number(day.planned_hours), Number(day.capacity_hours)]
    const label = word.format(dayOf(day.date))
    return {
      label,
      values: [done, Math.max(0, planned - done)],
      limit: capacity,
      over: t('crew_over', { hours: n(planned - capacity) }),
      current: day.date === now,
      told: t('crew_told', { day: label, planned: n(planned), capacity: n(capacity), done: n(done) }),
    }
  })
  return (
    <ChartPanel
      title={t('crew')}
      note={t('crew_unit')}
      legend={
        <>
          <LegendMark tone="deep">{t('crew_done')}</LegendMark>
          <LegendMark tone="edge">{t('crew_planned')}</LegendMark>
          <LegendMark tone="limit">{t('crew_capacity')}</LegendMark>
        </>
      }
      head={[t('crew_day'), t('crew_done'), t('crew_planned'), t('crew_capacity')]}
      lines={load.days.map((day, at) => [bars[at]?.label ?? '', n(Number(day.done_hours)), n(Number(day.planned_hours)), n(Number(day.capacity_hours))])}
    >
      {(width) => <StackedBars label={t('crew_chart')} bars={bars} tones={['deep', 'edge']} width={width} height={chartHeight} format={n} every />}
    </ChartPanel>
  )
}
