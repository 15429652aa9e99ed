import { ActionIcon, NativeSelect, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { DayInput } from './DayInput'
import { monthName, weekdayName } from './describe'
import { inUnit, nths, type On, type Sentence, type Unit, units, type Weekday, weekdays } from './rule'
import classes from './When.module.css'

interface SentenceProps {
  sentence: Sentence
  startsOn: string
  say: (next: Sentence) => void
}

const toggled = <T,>(all: T[], one: T): T[] => (all.includes(one) ? all.filter((other) => other !== one) : [...all, one])

/** «Every [3] [months] on the [second] [Tuesday]», with fields where the brackets are. */
export function CalendarSentence({ sentence, startsOn, say }: SentenceProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const { every, unit, until, count } = sentence
  const dated = unit === 'month' || unit === 'year'
  return (
    <>
      <span className={classes.words}>{t(`when.every.${unit}`)}</span>
      <TextInput
        aria-label={t('when.every_number')}
        data-field="rule"
        inputMode="numeric"
        w={52}
        value={every || ''}
        onChange={(event) => say({ ...sentence, every: Number(event.currentTarget.value.replace(/\D/g, '').slice(0, 4)) })}
        onBlur={() => every < 1 && say({ ...sentence, every: 1 })}
      />
      <NativeSelect
        aria-label={t('when.unit')}
        value={unit}
        onChange={(event) => say(inUnit(sentence, event.currentTarget.value as Unit, startsOn))}
        data={units.map((value) => ({ value, label: t(`when.units.${value}`, { count: every || 1 }) }))}
      />
      {dated ? <OnDay sentence={sentence} startsOn={startsOn} say={say} /> : <Days sentence={sentence} say={say} />}
      {sentence.months.length > 0 && unit !== 'year' ? (
        <span className={classes.season}>
          <span className={classes.words}>{t('when.season')}</span>
          <span className={classes.days} role="group" aria-label={t('when.season')}>
            {Array.from({ length: 12 }, (_, at) => at + 1).map((month) => (
              <button key={month} type="button" className={`${classes.day} ms-focus`} aria-pressed={sentence.months.includes(month)} aria-label={monthName(month, locale)} onClick={() => say({ ...sentence, months: toggled(sentence.months, month) })}>
                {monthName(month, locale, 'short')}
              </button>
            ))}
          </span>
          <ActionIcon aria-label={t('when.remove_season')} onClick={() => say({ ...sentence, months: [] })}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      ) : null}
      {until ? (
        <span className={classes.season}>
          <span className={classes.words}>{t('when.until')}</span>
          <DayInput field="until" label={t('when.add_end')} value={until} min={startsOn} onChange={(next) => say({ ...sentence, until: next || undefined })} />
          <ActionIcon aria-label={t('when.remove_end')} onClick={() => say({ ...sentence, until: undefined })}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      ) : null}
      {count ? (
        <span className={classes.season}>
          <TextInput aria-label={t('when.times')} inputMode="numeric" w={64} value={count} onChange={(event) => say({ ...sentence, count: Number(event.currentTarget.value.replace(/\D/g, '').slice(0, 4)) || 1 })} />
          <span className={classes.words}>{t('when.times')}</span>
          <ActionIcon aria-label={t('when.remove_end')} onClick={() => say({ ...sentence, count: undefined })}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      ) : null}
    </>
  )
}

function Days({ sentence, say }: Pick<SentenceProps, 'sentence' | 'say'>) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  if (sentence.unit === 'day' && sentence.weekdays.length === 0) return null
  return (
    <span className={classes.days} role="group" aria-label={t('when.weekdays')}>
      {weekdays.map((day) => (
        <button key={day} type="button" className={`${classes.day} ms-focus`} aria-pressed={sentence.weekdays.includes(day)} aria-label={weekdayName(day, locale)} onClick={() => say({ ...sentence, weekdays: toggled(sentence.weekdays, day) })}>
          {weekdayName(day, locale, 'short')}
        </button>
      ))}
    </span>
  )
}

/** The first field holds the ordinal, or «day»; the second what is counted. The 1st to 5th day of a month is a day of it. */
function OnDay({ sentence, startsOn, say }: SentenceProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const { on, unit } = sentence
  const startMonth = Number(startsOn.slice(5, 7)) || 1
  const which = on.kind === 'start' ? 'start' : on.kind === 'nth' ? String(on.nth) : on.day < 0 ? '-1' : 'day'
  const place = (next: On) => say({ ...sentence, on: next, months: unit === 'year' ? (next.kind === 'start' ? [] : sentence.months.length === 1 ? sentence.months : [startMonth]) : sentence.months })
  const choose = (value: string) => {
    if (value === 'start') place({ kind: 'start' })
    else if (value === 'day') place({ kind: 'monthday', day: Number(startsOn.slice(8, 10)) || 1 })
    else place({ kind: 'nth', nth: nths.find((nth) => String(nth) === value) ?? 1, weekday: on.kind === 'nth' ? on.weekday : 'MO' })
  }
  return (
    <>
      <span className={classes.words}>{t(which === 'day' ? 'when.on_plain' : 'when.on')}</span>
      <NativeSelect
        aria-label={t('when.which')}
        value={which}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[{ value: 'start', label: t('when.which_start') }, ...nths.map((nth) => ({ value: String(nth), label: t(`rule.nth.${nth}`) })), { value: 'day', label: t('when.which_day') }]}
      />
      {which === 'day' && on.kind === 'monthday' ? (
        <TextInput aria-label={t('when.day')} inputMode="numeric" w={52} value={on.day || ''} onChange={(event) => place({ kind: 'monthday', day: Math.min(31, Number(event.currentTarget.value.replace(/\D/g, '')) || 1) })} />
      ) : null}
      {which !== 'start' && which !== 'day' ? (
        <NativeSelect
          aria-label={t('when.weekday')}
          value={on.kind === 'nth' ? on.weekday : 'day'}
          onChange={(event) => {
            const value = event.currentTarget.value
            if (value === 'day') place({ kind: 'monthday', day: Number(which) })
            else place({ kind: 'nth', nth: nths.find((nth) => String(nth) === which) ?? -1, weekday: value as Weekday })
          }}
          data={[...weekdays.map((day) => ({ value: day as string, label: weekdayName(day, locale) })), { value: 'day', label: t('when.any_day') }]}
        />
      ) : null}
      {unit === 'year' && on.kind !== 'start' ? (
        <>
          <span className={classes.words}>{t('when.of')}</span>
          <NativeSelect aria-label={t('when.month')} value={sentence.months[0] ?? startMonth} onChange={(event) => say({ ...sentence, months: [Number(event.currentTarget.value)] })} data={Array.from({ length: 12 }, (_, at) => ({ value: String(at + 1), label: monthName(at + 1, locale) }))} />
        </>
      ) : null}
    </>
  )
}
