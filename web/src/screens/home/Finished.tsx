import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/dashboard'
import { usePlace } from '../../api/me'
import { ChartPanel } from '../../kit/ChartPanel'
import { quantity } from '../../kit/figures'
import { isoWeek } from '../../kit/weeks'
import { LegendMark, StackedBars } from '../../kit/StackedBars'
import { chartHeight } from './chartHeight'

/** Orders finished by week: planned work below, repairs above. The running week says so; past: there is none among them. */
export function Finished({ weeks, past }: { weeks: NonNullable<Dashboard['finished']>; past: boolean }) {
  const { t } = useTranslation('home')
  const { locale } = usePlace()
  const n = (value: number) => quantity(value, locale, 0)
  const bars = weeks.map((week, at) => {
    const planned = week.preventive + week.inspection + week.improvement
    const label = t('week_short', { week: isoWeek(week.monday) })
    const current = at === weeks.length - 1
    return { label, values: [planned, week.corrective], current, note: current && !past ? t('so_far') : undefined, told: t('finished_told', { week: label, planned: n(planned), repair: n(week.corrective) }) }
  })
  return (
    <ChartPanel
      title={t('finished')}
      note={t('finished_unit')}
      legend={
        <>
          <LegendMark tone="neutral">{t('repair')}</LegendMark>
          <LegendMark tone="moving">{t('planned')}</LegendMark>
        </>
      }
      head={[t('week_head'), t('planned'), t('repair')]}
      lines={bars.map((bar) => [bar.label, ...bar.values.map(n)])}
    >
      {(width) => <StackedBars label={t('finished_chart')} bars={bars} tones={['moving', 'neutral']} width={width} height={chartHeight} format={n} />}
    </ChartPanel>
  )
}
