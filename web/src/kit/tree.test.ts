import { describe, expect, it } from 'vitest'
import { siblings, type TreeRow, treeMove } from './tree'

const row = (id: string, level: number, expanded?: boolean): TreeRow => ({ id, level, expandable: expanded !== undefined, expanded: expanded === true, label: id })

const plant = [row('quarry', 0, true), row('crushing', 1, true), row('jaw', 2), row('cone', 2, false), row('load-out', 1, false)]

describe('keys of a tree', () => {
  it('go down and up, and stay at the ends', () => {
    expect(treeMove('ArrowDown', plant, 0)).toEqual({ focus: 1 })
    expect(treeMove('ArrowDown', plant, 4)).toEqual({ focus: 4 })
    expect(treeMove('ArrowUp', plant, 0)).toEqual({ focus: 0 })
    expect(treeMove('End', plant, 1)).toEqual({ focus: 4 })
  })
  it('go in: open a closed row, enter an open one, nothing at a leaf', () => {
    expect(treeMove('ArrowRight', plant, 3)).toEqual({ toggle: 3 })
    expect(treeMove('ArrowRight', plant, 1)).toEqual({ focus: 2 })
    expect(treeMove('ArrowRight', plant, 2)).toBeUndefined()
  })
  it('go out: close an open row, else to its parent', () => {
    expect(treeMove('ArrowLeft', plant, 1)).toEqual({ toggle: 1 })
    expect(treeMove('ArrowLeft', plant, 3)).toEqual({ focus: 1 })
    expect(treeMove('ArrowLeft', plant, 4)).toEqual({ focus: 0 })
  })
  it('leave other keys alone', () => {
    expect(treeMove('x', plant, 0)).toBeUndefined()
    expect(treeMove('ArrowDown', [], 0)).toBeUndefined()
  })
})

it('counts rows among their siblings only', () => {
  expect(siblings(plant)).toEqual([
    { position: 1, size: 1 },
    { position: 1, size: 2 },
    { position: 1, size: 2 },
    { position: 2, size: 2 },
    { position: 2, size: 2 },
  ])
})
