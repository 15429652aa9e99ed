import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { addDays } from './figures'
import classes from './WeekSteps.module.css'

interface WeekStepsProps {
  /** First day of the week that is shown. */
  begin: string
  /** First day of the week that runs. */
  current: string
  /** The way back to the week that runs. */
  word: string
  /** Undefined is the week that runs, which an address need not name. */
  go: (week: string | undefined) => void
}

/** The week before, the one that runs, the week after. */
export function WeekSteps({ begin, current, word, go }: WeekStepsProps) {
  const { t } = useTranslation('kit')
  const step = (days: number) => {
    const week = addDays(begin, days)
    go(week === current ? undefined : week)
  }
  return (
    <span className={classes.steps}>
      <ActionIcon aria-label={t('week.previous')} onClick={() => step(-7)}>
        <IconChevronLeft size={16} stroke={1.75} />
      </ActionIcon>
      <Button onClick={() => go(undefined)}>{word}</Button>
      <ActionIcon aria-label={t('week.next')} onClick={() => step(7)}>
        <IconChevronRight size={16} stroke={1.75} />
      </ActionIcon>
    </span>
  )
}
