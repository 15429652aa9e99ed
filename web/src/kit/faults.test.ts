import { describe, expect, it } from 'vitest'
import { decimalOf, sortFaults } from './faults'

describe('sortFaults', () => {
  it('gives a sentence to its field and the rest to the form', () => {
    const faults = [
      { pointer: '/title', detail: 'A title is needed.' },
      { pointer: '/failure/mode', detail: 'A failure needs its mode.' },
      { pointer: '/asset_id', detail: 'There is no such asset.' },
    ]
    expect(sortFaults(faults, ['title', 'failure.mode'])).toEqual({
      at: { title: 'A title is needed.', 'failure.mode': 'A failure needs its mode.' },
      above: ['There is no such asset.'],
    })
  })
  it('gives a sentence about one of many to the field that holds them all', () => {
    const faults = [
      { pointer: '/rules/0/levels/1/user_ids/2', detail: 'There is no such user.' },
      { pointer: '/rules/0/levels/0', detail: 'A level needs people.' },
    ]
    expect(sortFaults(faults, ['rules.0.levels.1.user_ids', 'rules.0.levels.0', 'rules'])).toEqual({ at: { 'rules.0.levels.1.user_ids': 'There is no such user.', 'rules.0.levels.0': 'A level needs people.' }, above: [] })
  })
  it('joins two sentences about one field', () => {
    expect(sortFaults([{ pointer: '/a', detail: 'One.' }, { pointer: '/a', detail: 'Two.' }], ['a']).at).toEqual({ a: 'One. Two.' })
  })
})

describe('decimalOf', () => {
  it.each([
    ['3.5', '3.5'],
    ['3,5', '3.5'],
    ['1,234.50', '1234.50'],
    ['1.234,50', '1234.50'],
    ['1 234,5', '1234.5'],
    ['', ''],
  ])('%s is %s', (typed, decimal) => expect(decimalOf(typed)).toBe(decimal))
})
