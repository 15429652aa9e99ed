/**
 * A calendar rule as a sentence with fields in it, and back. The API speaks RRULE (RFC 5545); people read «Every 3 months
 * on the second Tuesday». What the sentence cannot say is null here and stays a text that is edited as it is written.
 */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]
export const units = ['day', 'week', 'month', 'year'] as const
export type Unit = (typeof units)[number]
export const nths = [1, 2, 3, 4, 5, -1] as const
export type Nth = (typeof nths)[number]

/** On which day of its period: that of the first date, a day of the month (-1 is the last), or the nth weekday. */
export type On = { kind: 'start' } | { kind: 'monthday'; day: number } | { kind: 'nth'; nth: Nth; weekday: Weekday }

export interface Sentence {
  every: number
  unit: Unit
  /** Of a day or week: only on these. */
  weekdays: Weekday[]
  /** Of a month or year. */
  on: On
  /** Only in these months, 1 to 12; a year with a day of its own has exactly one. */
  months: number[]
  until?: string
  count?: number
}

export const workdays: Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR']
export const plain: Sentence = { every: 1, unit: 'month', weekdays: [], on: { kind: 'start' }, months: [] }

const frequencies: Record<string, Unit> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' }
const frequencyOf: Record<Unit, string> = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' }
const known = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYMONTH', 'BYMONTHDAY', 'BYDAY', 'WKST'])

const isWeekday = (text: string): text is Weekday => (weekdays as readonly string[]).includes(text)
const inOrder = (days: Weekday[]) => weekdays.filter((day) => days.includes(day))

/** The sentence of a rule, or null when no sentence of ours says the same. */
export function sentenceOf(rrule: string): Sentence | null {
  const parts = new Map(
    rrule
      .replace(/^RRULE:/i, '')
      .toUpperCase()
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  )
  const unit = frequencies[parts.get('FREQ') ?? '']
  if (!unit || [...parts.keys()].some((part) => !known.has(part))) return null
  // The start of the week counts only where weeks are left out.
  if (parts.has('WKST') && parts.get('WKST') !== 'MO' && unit === 'week') return null
  const every = Number(parts.get('INTERVAL') ?? 1)
  const months = numbers(parts.get('BYMONTH'))
  const days = (parts.get('BYDAY') ?? '').split(',').filter(Boolean)
  const monthdays = numbers(parts.get('BYMONTHDAY'))
  const until = parts.get('UNTIL')?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  const count = parts.has('COUNT') ? Number(parts.get('COUNT')) : undefined
  const sentence: Sentence = { every, unit, weekdays: [], on: { kind: 'start' }, months, ...(until ? { until } : {}), ...(count ? { count } : {}) }

  if (unit === 'day' || unit === 'week') {
    if (monthdays.length > 0 || !days.every(isWeekday)) return null
    return { ...sentence, weekdays: inOrder(days) }
  }
  const on = onOf(days, monthdays)
  if (!on) return null
  // Without its month a day of the year is a day of the whole year to RRULE, or of every month.
  if (unit === 'year' && on.kind !== 'start' && months.length !== 1) return null
  if (unit === 'year' && on.kind === 'start' && months.length > 0) return null
  return { ...sentence, on }
}

const numbers = (text: string | undefined) => (text ? text.split(',').map(Number) : [])

function onOf(days: string[], monthdays: number[]): On | null {
  const [day] = days
  const [monthday] = monthdays
  if (days.length + monthdays.length > 1) return null
  if (monthday !== undefined) return monthday > 0 || monthday === -1 ? { kind: 'monthday', day: monthday } : null
  if (day === undefined) return { kind: 'start' }
  const found = /^\+?(-?\d)(\w\w)$/.exec(day)
  const nth = nths.find((one) => one === Number(found?.[1]))
  const weekday = found?.[2] ?? ''
  return nth && isWeekday(weekday) ? { kind: 'nth', nth, weekday } : null
}

/** The rule of a sentence, as the server writes it itself. */
export function rruleOf(sentence: Sentence): string {
  const { every, unit, on, until, count } = sentence
  const dated = unit === 'month' || unit === 'year'
  const months = unit === 'year' ? (on.kind === 'start' ? [] : sentence.months.slice(0, 1)) : [...sentence.months].sort((a, b) => a - b)
  const parts = [`FREQ=${frequencyOf[unit]}`]
  if (every > 1) parts.push(`INTERVAL=${every}`)
  if (count) parts.push(`COUNT=${count}`)
  else if (until) parts.push(`UNTIL=${until.replaceAll('-', '')}`)
  if (months.length > 0) parts.push(`BYMONTH=${months.join(',')}`)
  if (dated && on.kind === 'monthday') parts.push(`BYMONTHDAY=${on.day}`)
  if (dated && on.kind === 'nth') parts.push(`BYDAY=${on.nth}${on.weekday}`)
  if (!dated && sentence.weekdays.length > 0) parts.push(`BYDAY=${inOrder(sentence.weekdays).join(',')}`)
  return parts.join(';')
}

/** The sentence in another unit: what the new unit does not know is dropped, a year gets the month that it needs. */
export function inUnit(sentence: Sentence, unit: Unit, startsOn: string): Sentence {
  const short = unit === 'day' || unit === 'week'
  const on: On = short ? { kind: 'start' } : sentence.on
  const month = Number(startsOn.slice(5, 7)) || 1
  return { ...sentence, unit, weekdays: short ? sentence.weekdays : [], on, months: unit === 'year' ? (on.kind === 'start' ? [] : [month]) : sentence.unit === 'year' ? [] : sentence.months }
}

/** About how many days lie between two dates of the rule. */
export function cycleDays(sentence: Sentence): number {
  return sentence.every * { day: 1, week: 7, month: 30.44, year: 365.25 }[sentence.unit]
}
