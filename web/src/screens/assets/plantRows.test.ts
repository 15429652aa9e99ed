import { expect, it } from 'vitest'
import { flatten, type PlantItem, type PlantPart } from './plantRows'

const item = (id: string, kind: PlantItem['kind'], expandable: boolean, state?: string): PlantItem => ({ id, kind, record: id.slice(2), code: id.slice(2), name: 'name', expandable, state })
const words = { more: 'More', state: (state: string) => state.toUpperCase() }

const parts: Record<string, PlantPart> = {
  'l:quarry': { items: [item('l:crushing', 'place', true), item('a:pump', 'asset', false, 'down')], more: false },
  'l:crushing': { items: [item('a:jaw', 'asset', true, 'up')], more: true },
}

it('shows what is opened, level by level, and where it goes on', () => {
  const rows = flatten([item('l:quarry', 'place', true)], new Set(['l:quarry', 'l:crushing', 'a:jaw']), (row) => parts[row], words)
  expect(rows.map((row) => [row.id, row.level, row.expanded])).toEqual([
    ['l:quarry', 0, true],
    ['l:crushing', 1, true],
    ['a:jaw', 2, true],
    ['m:l:crushing', 2, false],
    ['a:pump', 1, false],
  ])
})

it('says the state of what is not simply up', () => {
  const rows = flatten([item('l:quarry', 'place', true)], new Set(['l:quarry', 'l:crushing']), (row) => parts[row], words)
  expect(rows.find((row) => row.id === 'a:pump')?.label).toBe('pump name, DOWN')
  expect(rows.find((row) => row.id === 'a:jaw')?.label).toBe('jaw name')
})

it('keeps a closed row closed, whatever is known below it', () => {
  expect(flatten([item('l:quarry', 'place', true)], new Set(['l:crushing']), (row) => parts[row], words)).toHaveLength(1)
})
