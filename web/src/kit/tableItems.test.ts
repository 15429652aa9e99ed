import { describe, expect, it } from 'vitest'
import { type HeldPage, pagesInView, withPage } from './pages'
import { chosenColumns, fittingColumns, itemsOf, nextSort, type TableColumn } from './tableItems'

const column = (key: string, width?: number, rank?: number): TableColumn<string> => ({ key, head: key, width, rank, cell: (row) => row })
const keys = (columns: TableColumn<string>[]) => columns.map(({ key }) => key).join(' ')

describe('lines', () => {
  const rows = ['a1', 'a2', 'b1']
  const letter = (row: string) => row.charAt(0)
  it('have a head before each group, and the last is not whole while more is to come', () => {
    const items = itemsOf(rows, letter, new Set(), true)
    expect(items.map((item) => (item.kind === 'group' ? `${item.key}:${item.rows.length}${item.whole ? '' : '+'}` : item.row))).toEqual(['a:2', 'a1', 'a2', 'b:1+', 'b1'])
  })
  it('leave out the rows of a folded group, and keep the places of the others', () => {
    const items = itemsOf(rows, letter, new Set(['a']), false)
    expect(items.map((item) => (item.kind === 'group' ? item.key : `${item.row}@${item.at}`))).toEqual(['a', 'b', 'b1@2'])
  })
})

describe('columns', () => {
  const all = [column('title'), column('code', 90, 3), column('due', 60), column('person', 30, 1), column('hours', 50, 3)]
  it('leave by rank, from the right, and never those without one', () => {
    expect(keys(fittingColumns(all, 380, 0))).toBe('title code due person hours')
    expect(keys(fittingColumns(all, 379, 0))).toBe('title code due person')
    expect(keys(fittingColumns(all, 289, 0))).toBe('title due person')
    expect(keys(fittingColumns(all, 10, 0))).toBe('title due')
  })
  it('that were chosen come in the order of the table, with the one that is always there', () => {
    expect(keys(chosenColumns(all, 'hours,code'))).toBe('title code hours')
    expect(keys(chosenColumns([...all, { ...column('extra', 10), extra: true }], undefined))).toBe('title code due person hours')
  })
  it('sort rising, then falling', () => {
    expect(nextSort('due', 'title')).toBe('title')
    expect(nextSort('title', 'title')).toBe('-title')
    expect(nextSort('-title', 'title')).toBe('title')
  })
})

describe('pages', () => {
  const page = (items: string[], next_cursor?: string) => ({ items, next_cursor })
  const three = [page(['a', 'b'], 'b'), page(['c', 'd'], 'd'), page(['e'])].reduce<HeldPage<string>[]>((held, read, at) => withPage(held, at, read), [])
  it('stay when one is read again and ends where it did', () => {
    const held = withPage(three, 0, page(['a2', 'b'], 'b'))
    expect(held.flatMap(({ items }) => items)).toEqual(['a2', 'b', 'c', 'd', 'e'])
  })
  it('after one that ends elsewhere are dropped', () => {
    const held = withPage(three, 1, page(['c', 'x'], 'x'))
    expect(held.flatMap(({ items }) => items)).toEqual(['a', 'b', 'c', 'x'])
    expect(held.at(-1)?.next).toBe('x')
  })
  it('in view are watched, and the next is read ahead', () => {
    expect(pagesInView([], 0, 0)).toEqual([0])
    expect(pagesInView(three, 0, 0)).toEqual([0])
    expect(pagesInView(three, 1, 2)).toEqual([0, 1])
    expect(pagesInView(three.slice(0, 2), 1, 3)).toEqual([0, 1, 2])
    expect(pagesInView(three, 3, 4)).toEqual([1, 2])
  })
})
