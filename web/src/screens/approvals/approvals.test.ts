import { describe, expect, it } from 'vitest'
import { amountMoved, lineRows, plainChanges, written } from './difference'
import { sortOf, viewOf, viewsOf } from './search'

const change = (key: string, before: string, after: string, label = key) => ({ key, label, before, after })
const line = (key: string, total: string, more: object = {}) => ({ key, text: `Part ${key}`, total, ...more })

describe('the lines of an approval', () => {
  it('show what stood there before beside what stands there now', () => {
    const [row] = lineRows([line('a', '1176', { quantity: '14', unit: 'pc' })], [change('line:a:quantity', '10 pc', '14 pc'), change('line:a:total', '840', '1176')])
    expect(row).toEqual({ key: 'a', change: 'changed', text: { now: 'Part a' }, quantity: { now: '14 pc', before: '10 pc' }, unit_price: { now: '' }, total: { now: '1176', before: '840' } })
  })
  it('tell new lines from those that are as they were', () => {
    expect(lineRows([line('a', '1'), line('b', '2')], [change('line:b', '', '2')]).map((row) => row.change)).toEqual([undefined, 'new'])
  })
  it('keep a removed line, with what it cost', () => {
    const rows = lineRows([line('a', '1')], [change('line:z', '1226', '', 'Feed plate, removed')])
    expect(rows[1]).toMatchObject({ change: 'removed', text: { now: 'Feed plate' }, total: { now: '1226' } })
  })
  it('of a void approval are those that were submitted', () => {
    const rows = lineRows([line('a', '1'), line('b', '2')], [change('line:a', '1', '', 'Part a, removed'), change('line:c', '', '3', 'Part c, new')])
    expect(rows.map(({ change, text, total }) => [change, text.now, total.now])).toEqual([
      ['removed', 'Part a', '1'],
      [undefined, 'Part b', '2'],
      ['new', 'Part c', '3'],
    ])
  })
})

it('changes of facts, title and amount are told apart from those of lines', () => {
  expect(plainChanges([change('title', 'a', 'b'), change('line:a', '', '1'), change('fact:Why', '', 'x')]).map(({ key }) => key)).toEqual(['title', 'fact:Why'])
})

it('writes figures as the reader does and leaves words alone', () => {
  expect(written('18640.00 EUR', 'de').replaceAll('\u00a0', ' ')).toBe('18.640,00 €')
  expect(written('12000.5 pc', 'en-GB')).toBe('12,000.5 pc')
  expect(written('2026-12-03', 'en-GB')).toBe('2026-12-03')
  expect(written('Worn, 3 days left', 'en-GB')).toBe('Worn, 3 days left')
})

describe('how far an amount moved', () => {
  const moved = (before: string, after: string) => amountMoved([change('amount', before, after)])
  it('is exact to the cent, up and down', () => {
    expect(moved('17700.00 EUR', '18640.00 EUR')).toEqual({ by: { amount: '940.00', currency: 'EUR' }, percent: '5.3' })
    expect(moved('9007199254740993.10 EUR', '9007199254740993.11 EUR')?.by.amount).toBe('0.01')
    expect(moved('100 JPY', '90 JPY')).toEqual({ by: { amount: '-10', currency: 'JPY' }, percent: '-10.0' })
  })
  it('has no percent where there was nothing, and is absent between currencies and without a change', () => {
    expect(moved('0.00 EUR', '5.00 EUR')?.percent).toBe('')
    expect(moved('1.00 EUR', '1.00 USD')).toBeUndefined()
    expect(amountMoved([])).toBeUndefined()
  })
})

describe('the views', () => {
  it('begin with what waits, the oldest first, and end with what is newest first', () => {
    expect(viewOf({})).toBe('waiting')
    expect(sortOf({})).toBe('created_at')
    expect(sortOf({ saved: 'decided' })).toBe('-created_at')
    expect(sortOf({ sort: '-amount' })).toBe('-amount')
    expect(sortOf({ sort: 'title' })).toBe('created_at')
  })
  it('show everybody’s only to who may read the audit log', () => {
    expect(viewsOf(() => false)).not.toContain('all')
    expect(viewsOf((permission) => permission === 'audit.read')).toContain('all')
  })
})
