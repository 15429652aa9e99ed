import { TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import { IconCalendar } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, usePlace } from '../../api/me'
import { dayText } from '../../kit/figures'

interface DayInputProps {
  id?: string
  label?: string
  field: string
  value: string
  clearable?: boolean
  min?: string
  onChange: (value: string) => void
}

/** A calendar day as the API writes it, shown as «Tue 13 Oct 2026»; the phone's own picker on the phone. */
export function DayInput({ id, label, field, value, clearable = false, min, onChange }: DayInputProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const firstDay = useFirstDay()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  if (phone) return <TextInput id={id} aria-label={label} data-field={field} type="date" min={min} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  return (
    <DateInput
      id={id}
      aria-label={label}
      data-field={field}
      w={clearable ? 190 : 170}
      value={value || null}
      minDate={min}
      clearable={clearable}
      clearButtonProps={{ 'aria-label': t('day.clear') }}
      rightSection={clearable && value ? undefined : <IconCalendar size={16} stroke={1.75} />}
      rightSectionPointerEvents={clearable && value ? undefined : 'none'}
      valueFormat={(day) => dayText(day.slice(0, 10), locale, { weekday: true, year: true })}
      firstDayOfWeek={firstDay}
      ariaLabels={{ monthLevelControl: t('day.month'), nextMonth: t('day.next'), previousMonth: t('day.previous') }}
      onChange={(day) => onChange(day ?? '')}
    />
  )
}
