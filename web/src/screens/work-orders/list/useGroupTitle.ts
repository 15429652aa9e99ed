import { useTranslation } from 'react-i18next'
import { useFirstDay, usePlace } from '../../../api/me'
import { addDays, dayOf } from '../../../kit/figures'
import { weekNumber, weekStart } from '../../../kit/weeks'

/** The words of a group of due dates. */
export function useGroupTitle(today: string): (group: string) => string {
  const { t } = useTranslation('work-order-list')
  const { locale } = usePlace()
  const week = weekStart(today, useFirstDay())
  return (group) => {
    switch (group) {
      case 'overdue':
      case 'today':
      case 'none':
        return t(`group.${group}`)
      case 'week':
        return t('group.week', { week: weekNumber(week) })
      case 'next':
        return t('group.next', { week: weekNumber(addDays(week, 7)) })
      default:
        return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(dayOf(`${group}-01`))
    }
  }
}
