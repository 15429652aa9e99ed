import type { TFunction } from 'i18next'
import { dayOf } from '../../kit/figures'
import { sentenceOf, type Sentence, type Weekday, weekdays } from './rule'

// 2 June 2025 is a Monday.
const weekdayDate = (day: Weekday) => new Date(Date.UTC(2025, 5, 2 + weekdays.indexOf(day)))

/** «Tuesday», in the middle of a sentence. */
export function weekdayName(day: Weekday, locale: string, width: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: width }).format(weekdayDate(day))
}

/** «March», 1 to 12. */
export function monthName(month: number, locale: string, width: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: width }).format(new Date(Date.UTC(2025, month - 1, 1)))
}

const list = (items: string[], locale: string) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)

/** A sentence about a calendar rule in the words of `t` (namespace `schedules`): «Every 3 months on the second Tuesday». */
export function describeSentence(sentence: Sentence, t: TFunction<'schedules'>, locale: string): string {
  const { every, unit, on, until, count } = sentence
  const workday = sentence.weekdays.join() === 'MO,TU,WE,TH,FR'
  if (unit === 'day' && every === 1 && workday && sentence.months.length === 0) return ended(t('rule.workdays'), until, count, t, locale)
  const words = [t(`rule.every.${unit}`, { count: every })]
  if (sentence.weekdays.length > 0) {
    if (workday) words.push(t('rule.on.workdays'))
    else words.push(t('rule.on.weekdays', { days: list(sentence.weekdays.map((day) => t('rule.on.weekday', { day: weekdayName(day, locale) })), locale) }))
  }
  if (on.kind === 'monthday') words.push(on.day < 0 ? t('rule.on.last_day') : t('rule.on.monthday', { day: on.day }))
  if (on.kind === 'nth') words.push(t('rule.on.nth', { nth: t(`rule.nth.${on.nth}`), day: weekdayName(on.weekday, locale) }))
  if (sentence.months.length > 0) {
    const months = list([...sentence.months].sort((a, b) => a - b).map((month) => monthName(month, locale)), locale)
    words.push(t(unit === 'year' ? 'rule.of_month' : 'rule.in_months', { months }))
  }
  return ended(words.join(' '), until, count, t, locale)
}

function ended(words: string, until: string | undefined, count: number | undefined, t: TFunction<'schedules'>, locale: string): string {
  if (count) return `${words}, ${t('rule.times', { count })}`
  if (!until) return words
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(dayOf(until))
  return `${words} ${t('rule.until', { date: day })}`
}

/** The words of any rule; one that has no sentence is shown as it is written. */
export function describeRule(rrule: string, t: TFunction<'schedules'>, locale: string): string {
  const sentence = sentenceOf(rrule)
  return sentence ? describeSentence(sentence, t, locale) : rrule
}
