import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { quantity } from '../../kit/figures'
import { describeRule } from './describe'
import type { Schedule } from './draft'

type Ruled = Pick<Schedule, 'calendar' | 'meter'>

/** Says when something is due: by date, by meter, or by whichever comes first. */
export function useRule(): (schedule: Ruled, meter?: { name: string; unit: string }) => string {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  return useCallback(
    ({ calendar, meter }, named) => {
      const dates = calendar ? describeRule(calendar.rrule, t, locale) : ''
      const every = meter ? quantity(meter.every, locale) : ''
      const steps = meter ? (named ? t('rule.meter', { every: `${every} ${named.unit}`, meter: named.name }) : t('rule.meter_short', { every })) : ''
      if (dates && steps) return t('rule.or', { calendar: dates, meter: steps })
      return dates || steps.charAt(0).toUpperCase() + steps.slice(1)
    },
    [t, locale],
  )
}
