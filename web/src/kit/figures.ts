/**
 * How figures, money and times are written. Amounts and quantities come as decimal strings and stay so: they are
 * grouped and localized digit by digit through Intl, which takes strings without rounding them through a float.
 */
export interface Money {
  amount: string
  currency: string
}

// What writes a figure is dear to make, and a list asks for one in every cell that it draws.
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function kept<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(kind: 'number' | 'day', locale: string, options: object, make: () => Format): Format {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`
  const there = made.get(key) ?? make()
  made.set(key, there)
  return there as Format
}

const numberFormat = (locale: string, options: Intl.NumberFormatOptions) => kept('number', locale, options, () => new Intl.NumberFormat(locale, options))
const dayFormat = (locale: string, options: Intl.DateTimeFormatOptions) => kept('day', locale, options, () => new Intl.DateTimeFormat(locale, options))

// Intl's own types want `number | bigint`; every engine of the supported browsers takes decimal strings exactly (ECMA-402 2023).
const decimal = (text: string) => text as unknown as number

export function money(value: Money | undefined | null, locale: string, digits: 'cents' | 'whole' = 'cents'): string {
  if (!value) return ''
  const options: Intl.NumberFormatOptions = { style: 'currency', currency: value.currency }
  if (digits === 'whole') options.maximumFractionDigits = 0
  return numberFormat(locale, options).format(decimal(value.amount))
}

/** An amount without its currency, which stands in the head of the column. Prices of a unit may go beyond cents. */
export function cents(amount: string, locale: string, currency: string): string {
  const { minimumFractionDigits } = numberFormat(locale, { style: 'currency', currency }).resolvedOptions()
  return numberFormat(locale, { minimumFractionDigits, maximumFractionDigits: 6 }).format(decimal(amount))
}

/** For tiles and axes only: `48.3K €`. */
export function shortMoney(value: Money, locale: string): string {
  return numberFormat(locale, { style: 'currency', currency: value.currency, notation: 'compact', maximumFractionDigits: 1 }).format(decimal(value.amount))
}

/** The same in parts: the digits, and the currency, thousands and spaces around them. */
export function shortMoneyParts(value: Money, locale: string): { text: string; digits: boolean }[] {
  const parts = numberFormat(locale, { style: 'currency', currency: value.currency, notation: 'compact', maximumFractionDigits: 1 }).formatToParts(decimal(value.amount))
  const figure = new Set(['minusSign', 'integer', 'group', 'decimal', 'fraction'])
  return parts.map(({ type, value: text }) => ({ text, digits: figure.has(type) }))
}

export function quantity(value: string | number | undefined | null, locale: string, maximumFractionDigits = 6): string {
  if (value === undefined || value === null || value === '') return ''
  return numberFormat(locale, { maximumFractionDigits }).format(typeof value === 'number' ? value : decimal(value))
}

/** A total that the server stopped counting at: `10,000+`. Nothing where there is none yet. */
export function capped(total: { value: number; relation: string } | undefined, locale: string): string | undefined {
  return total && quantity(total.value, locale) + (total.relation === 'eq' ? '' : '+')
}

/** `2026-11-24` as the calendar day it names, in no zone. */
export const dayOf = (date: string): Date => new Date(`${date}T00:00:00Z`)

/** Today's date at a zone, `YYYY-MM-DD`. */
export function today(zone: string, now = new Date()): string {
  return dayFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

const dayMs = 86_400_000
export const daysBetween = (from: string, to: string): number => Math.round((dayOf(to).getTime() - dayOf(from).getTime()) / dayMs)
export const addDays = (date: string, days: number): string => new Date(dayOf(date).getTime() + days * dayMs).toISOString().slice(0, 10)

/** A due date: «24 Nov», with the year where it is another: «12 Jan 2027». */
export function date(value: string | undefined | null, locale: string, todayIs: string, weekday = false): string {
  if (!value) return ''
  return dayText(value, locale, { weekday, year: value.slice(0, 4) !== todayIs.slice(0, 4) })
}

/** A calendar day as the locale writes it. A year brings no comma that the day without it does not have: «Tue 12 Jan 2027». */
export function dayText(value: string, locale: string, { weekday, year }: { weekday: boolean; year: boolean }): string {
  const short: Intl.DateTimeFormatOptions = { timeZone: 'UTC', weekday: weekday ? 'short' : undefined, day: 'numeric', month: 'short' }
  if (!weekday) return dayFormat(locale, year ? { ...short, year: 'numeric' } : short).format(dayOf(value))
  const parts = dayFormat(locale, year ? { ...short, year: 'numeric' } : short).formatToParts(dayOf(value))
  if (!year || dayFormat(locale, short).formatToParts(dayOf(value))[1]?.value.includes(',')) return parts.map((part) => part.value).join('')
  return parts.map((part, at) => (at === 1 && parts[0]?.type === 'weekday' ? part.value.replace(',', '') : part.value)).join('')
}

/** An instant at a zone: today «11:42», this week «Thu 26 Nov, 11:42», further with the year where it differs. */
export function instant(value: string | undefined | null, locale: string, zone: string, now = new Date()): string {
  if (!value) return ''
  const at = new Date(value)
  const time = dayFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  const day = today(zone, at)
  if (day === today(zone, now)) return time
  return `${date(day, locale, today(zone, now), true)}, ${time}`
}

/** «3 h 12 min», «2 d 4 h», «40 s». */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds))
  const d = Math.floor(total / 86_400)
  const h = Math.floor((total % 86_400) / 3600)
  const min = Math.floor((total % 3600) / 60)
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`
  return min > 0 ? `${min} min` : `${total} s`
}

/** A language without a country is written as the browser's country does it, and English as in most of the world. */
export function regional(language: string, browser: string): string {
  if (!language) return browser
  if (language.includes('-')) return language
  if (browser.startsWith(`${language}-`)) return browser
  return language === 'en' ? 'en-GB' : language
}
