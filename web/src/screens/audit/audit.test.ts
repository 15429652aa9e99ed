import { describe, expect, it } from 'vitest'
import de from '../../i18n/de/audit.json'
import en from '../../i18n/en/audit.json'
import es from '../../i18n/es/audit.json'
import fr from '../../i18n/fr/audit.json'
import { changesOf, pageOf, partsOf } from './changes'
import { dayStart, queryOf } from './search'
import { add, type Step } from './verification'
import { subjectTypes } from './words'

describe('changes', () => {
  it('are told field by field, without what only counts', () => {
    expect(changesOf({ status: 'approved', version: 1, tags: ['a'] }, { status: 'scheduled', version: 2, tags: ['a', 'b'], price: { amount: '12.50', currency: 'EUR' } })).toEqual([
      { field: 'price', before: '', after: '12.50 EUR' },
      { field: 'status', before: 'approved', after: 'scheduled' },
      { field: 'tags', before: 'a', after: 'a, b' },
    ])
    expect(changesOf(null, { name: 'Pump' })).toEqual([{ field: 'name', before: '', after: 'Pump' }])
    expect(changesOf(null, null)).toEqual([])
  })
})

describe('days of the site', () => {
  it('begin at its midnight, also when the clocks change', () => {
    expect(dayStart('2026-11-24', 'Europe/Berlin')).toBe('2026-11-23T23:00:00.000Z')
    expect(dayStart('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(dayStart('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
  })
  it('are both included', () => {
    expect(queryOf({ from: '2026-11-24', to: '2026-11-24', action: 'work_order.hold,asset.move' }, 'UTC')).toMatchObject({ from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z', action: ['work_order.hold', 'asset.move'], sort: '-at' })
  })
})

it('the steps along the sealed log add up', () => {
  const step = { status: 'partial', through: 20, checkpoints: 20, events: 20_000, open_events: 0 } as Step
  const last: Step = { ...step, status: 'intact', through: 25, checkpoints: 5, events: 4_100, open_events: 3 }
  expect(add(add(undefined, step), last)).toEqual({ last, events: 24_100, checkpoints: 25 })
})

it('an event knows its record', () => {
  expect(partsOf('work_order.hold')).toEqual(['work_order', 'hold'])
  expect(pageOf('asset', 'x')).toBe('/assets/x')
  expect(pageOf('purchase_order', 'x')).toBe('/purchase-orders/x')
  expect(pageOf('session', 'x')).toBeUndefined()
})

it('whatever an event is about has a word', () => {
  for (const words of [en, de, fr, es]) expect(subjectTypes.filter((noun) => !(`noun.${noun}` in words))).toEqual([])
})
