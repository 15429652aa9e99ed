import { describe, expect, it } from 'vitest'
import { splitNumber } from './Code'
import { addDays, capped, date, daysBetween, duration, instant, money, quantity, regional, shortMoneyParts, today } from './figures'

describe('money', () => {
  it('keeps every cent of an amount that a float cannot hold', () => {
    expect(money({ amount: '90071992547409931.27', currency: 'EUR' }, 'en-US')).toBe('€90,071,992,547,409,931.27')
  })
  it('writes as the locale does', () => {
    expect(money({ amount: '18640', currency: 'EUR' }, 'de-DE')).toBe('18.640,00\u00a0€')
    expect(money(undefined, 'de-DE')).toBe('')
  })
  it('tells the digits from what stands around them', () => {
    const figure = (locale: string) => shortMoneyParts({ amount: '48260.10', currency: 'EUR' }, locale).map(({ text, digits }) => (digits ? text : `(${text.trim()})`)).join('')
    expect(figure('en-GB')).toBe('(€)48.3(k)')
    expect(figure('fr-FR')).toBe('48,3()(k)()(€)')
  })
})

describe('dates', () => {
  it('are the calendar day they name, wherever the reader is', () => {
    expect(date('2026-11-24', 'en-GB', '2026-11-24')).toBe('24 Nov')
    expect(date('2027-01-12', 'en-GB', '2026-11-24', true)).toBe('Tue 12 Jan 2027')
    expect(date('2027-01-12', 'en-US', '2026-11-24', true)).toBe('Tue, Jan 12, 2027')
    expect(date('2027-01-12', 'de-DE', '2026-11-24', true)).toBe('Di., 12. Jan. 2027')
  })
  it('count days over a change of clocks', () => {
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2)
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  })
  it('know the day of a zone', () => {
    const at = new Date('2026-11-24T23:30:00Z')
    expect(today('Europe/Berlin', at)).toBe('2026-11-25')
    expect(instant('2026-11-24T22:45:00Z', 'en-GB', 'Europe/Berlin', at)).toBe('Tue 24 Nov, 23:45')
    expect(instant('2026-11-24T23:10:00Z', 'en-GB', 'Europe/Berlin', at)).toBe('00:10')
  })
})

describe('figures', () => {
  it('last', () => {
    expect(duration(11_520)).toBe('3 h 12 min')
    expect(duration(100_800)).toBe('1 d 4 h')
    expect(duration(40)).toBe('40 s')
  })
  it('totals say where counting stopped', () => {
    expect(capped({ value: 10_000, relation: 'gte' }, 'en-GB')).toBe('10,000+')
    expect(capped({ value: 0, relation: 'eq' }, 'de')).toBe('0')
    expect(capped(undefined, 'de')).toBeUndefined()
  })
  it('quantities keep their digits', () => expect(quantity('18412.25', 'en-GB')).toBe('18,412.25'))
  it('numbers split where people begin to speak', () => {
    expect(splitNumber('WO-004187')).toEqual(['WO-00', '4187'])
    expect(splitNumber('WO-001000')).toEqual(['WO-00', '1000'])
  })
})

it('writes figures as the country of the browser does where the person chose only a language', () => {
  expect(regional('en', 'en-US')).toBe('en-US')
  expect(regional('en', 'de-DE')).toBe('en-GB')
  expect(regional('de', 'fr-FR')).toBe('de')
  expect(regional('fr-CA', 'fr-FR')).toBe('fr-CA')
  expect(regional('', 'pl-PL')).toBe('pl-PL')
})
