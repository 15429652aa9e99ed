import i18next, { type TFunction } from 'i18next'
import { describe, expect, it } from 'vitest'
import de from '../../i18n/de/schedules.json'
import en from '../../i18n/en/schedules.json'
import es from '../../i18n/es/schedules.json'
import fr from '../../i18n/fr/schedules.json'
import { describeRule } from './describe'
import { cycleDays, inUnit, plain, rruleOf, sentenceOf } from './rule'

const words = { en, de, fr, es }
const speaker = i18next.createInstance()
await speaker.init({ keySeparator: false, interpolation: { escapeValue: false }, resources: Object.fromEntries(Object.entries(words).map(([language, schedules]) => [language, { schedules }])) })
const say = (rule: string, language: keyof typeof words) => describeRule(rule, speaker.getFixedT(language, 'schedules') as TFunction<'schedules'>, language)

const spoken = [
  ['FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU', 'Every 3 months on the second Tuesday', 'Alle 3 Monate am zweiten Dienstag', 'Tous les 3 mois le deuxième mardi', 'Cada 3 meses el segundo martes'],
  ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1', 'Every 3 months on the last day', 'Alle 3 Monate am letzten Tag', 'Tous les 3 mois le dernier jour', 'Cada 3 meses el último día'],
  ['FREQ=MONTHLY;BYMONTHDAY=15', 'Every month on day 15', 'Jeden Monat am 15.', 'Chaque mois le 15', 'Cada mes el día 15'],
  ['FREQ=MONTHLY;BYDAY=-1FR', 'Every month on the last Friday', 'Jeden Monat am letzten Freitag', 'Chaque mois le dernier vendredi', 'Cada mes el último viernes'],
  ['FREQ=MONTHLY;INTERVAL=6', 'Every 6 months', 'Alle 6 Monate', 'Tous les 6 mois', 'Cada 6 meses'],
  ['FREQ=WEEKLY;INTERVAL=2', 'Every 2 weeks', 'Alle 2 Wochen', 'Toutes les 2 semaines', 'Cada 2 semanas'],
  ['FREQ=WEEKLY;BYDAY=MO,TH', 'Every week on Monday and Thursday', 'Jede Woche am Montag und Donnerstag', 'Chaque semaine le lundi et le jeudi', 'Cada semana el lunes y el jueves'],
  ['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', 'Every workday', 'Jeden Werktag', 'Chaque jour ouvré', 'Cada día laborable'],
  ['FREQ=DAILY;INTERVAL=10', 'Every 10 days', 'Alle 10 Tage', 'Tous les 10 jours', 'Cada 10 días'],
  ['FREQ=WEEKLY;BYMONTH=4,5,9', 'Every week in April, May, and September', 'Jede Woche im April, Mai und September', 'Chaque semaine en avril, mai et septembre', 'Cada semana en abril, mayo y septiembre'],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=1MO', 'Every year on the first Monday of March', 'Jedes Jahr am ersten Montag im März', 'Chaque année le premier lundi de mars', 'Cada año el primer lunes de marzo'],
  ['FREQ=YEARLY;INTERVAL=2;COUNT=5', 'Every 2 years, 5 times', 'Alle 2 Jahre, 5-mal', 'Tous les 2 ans, 5 fois', 'Cada 2 años, 5 veces'],
  ['FREQ=MONTHLY;UNTIL=20281231', 'Every month until December 31, 2028', 'Jeden Monat bis 31. Dezember 2028', 'Chaque mois jusqu’au 31 décembre 2028', 'Cada mes hasta el 31 de diciembre de 2028'],
] as const

describe.each(spoken)('%s', (rule, english, german, french, spanish) => {
  it('is read in four languages', () => {
    expect(say(rule, 'en')).toBe(english)
    expect(say(rule, 'de')).toBe(german)
    expect(say(rule, 'fr')).toBe(french)
    expect(say(rule, 'es')).toBe(spanish)
  })
  it('becomes the same rule again', () => {
    const sentence = sentenceOf(rule)
    expect(sentence).not.toBeNull()
    expect(rruleOf(sentence ?? plain)).toBe(rule)
  })
})

describe('what no sentence of ours says', () => {
  it.each(['FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1', 'FREQ=YEARLY;BYDAY=20MO', 'FREQ=YEARLY;BYMONTHDAY=12', 'FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1', 'FREQ=MONTHLY;BYMONTHDAY=1,15', 'FREQ=MONTHLY;BYMONTHDAY=-3', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU', 'FREQ=HOURLY', ''])('%s stays as it is written', (rule) => {
    expect(sentenceOf(rule)).toBeNull()
    expect(say(rule, 'de')).toBe(rule)
  })
})

it('reads a rule as others write it', () => {
  expect(sentenceOf('rrule:freq=weekly;wkst=mo;byday=th,mo')).toMatchObject({ unit: 'week', every: 1, weekdays: ['MO', 'TH'] })
})

describe('another unit', () => {
  const second = { ...plain, every: 3, on: { kind: 'nth', nth: 2, weekday: 'TU' } } as const
  it('of a year takes the month of the first date', () => expect(rruleOf(inUnit({ ...second, months: [] }, 'year', '2026-10-13'))).toBe('FREQ=YEARLY;INTERVAL=3;BYMONTH=10;BYDAY=2TU'))
  it('of a week drops the day of the month', () => expect(rruleOf(inUnit({ ...second, months: [4] }, 'week', '2026-10-13'))).toBe('FREQ=WEEKLY;INTERVAL=3;BYMONTH=4'))
  it('of a month drops the month of a year', () => expect(rruleOf(inUnit({ ...second, unit: 'year', months: [10] }, 'month', '2026-10-13'))).toBe('FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU'))
})

it('knows about how long a cycle is', () => expect(Math.round(cycleDays({ ...plain, every: 3 }))).toBe(91))
