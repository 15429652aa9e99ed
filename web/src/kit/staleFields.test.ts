import { expect, it } from 'vitest'
import { differing, inWords } from './staleFields'

it('names what either of the two changed', () => {
  const begun = { name: 'Bearing', unit: 'pc', roles: ['a'], note: '' }
  expect(differing(begun, { ...begun, name: 'Roller bearing', note: 'x' }, { ...begun, unit: 'box', note: 'y', roles: ['a'] })).toEqual([
    { name: 'name', own: true },
    { name: 'unit', own: false },
    { name: 'note', own: true },
  ])
  const keyed = { rules: [{ key: '1', n: 2 }] }
  expect(differing(keyed, keyed, { rules: [{ key: '9', n: 2 }] }, (rules) => (rules as { n: number }[]).map(({ n }) => n))).toEqual([])
})

it('says a value without words of its own', () => {
  expect([null, 'pc', ['a', 'b'], { id: '1', code: 'SKF', name: 'Bearings' }, [{ id: '1', name: 'Tara' }]].map(inWords)).toEqual(['', 'pc', 'a, b', 'SKF Bearings', 'Tara'])
})
