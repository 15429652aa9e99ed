import type { ReactNode } from 'react'

/** A column of a DataTable. */
export interface TableColumn<Row> {
  /** Its name in the address and among the keys. */
  key: string
  head: string
  /** The head is said and not shown: too narrow for its word, and its cells speak for themselves. */
  unseen?: boolean
  /** Width in px; exactly one column without width takes the rest. */
  width?: number
  align?: 'right'
  /** The server's sort key where the list can be sorted by it. */
  sort?: string
  /** Leaves a narrow table the earlier the higher; 0 (default) never leaves. */
  rank?: number
  /** Shown only when chosen. */
  extra?: boolean
  cell: (row: Row) => ReactNode
}

export type TableItem<Row> =
  | { kind: 'group'; key: string; rows: Row[]; whole: boolean; folded: boolean }
  | { kind: 'row'; row: Row; at: number }

/**
 * The lines of a table: rows in the order given, with a head before each run of rows of one group. A group is whole
 * when all its rows are there: every group before the last, and the last when nothing more is to come.
 */
export function itemsOf<Row>(rows: Row[], groupOf: ((row: Row) => string) | undefined, folded: ReadonlySet<string>, more: boolean): TableItem<Row>[] {
  if (!groupOf) return rows.map((row, at) => ({ kind: 'row', row, at }))
  const items: TableItem<Row>[] = []
  let head: Extract<TableItem<Row>, { kind: 'group' }> | undefined
  rows.forEach((row, at) => {
    const key = groupOf(row)
    if (head?.key !== key) {
      head = { kind: 'group', key, rows: [], whole: true, folded: folded.has(key) }
      items.push(head)
    }
    head.rows.push(row)
    if (!head.folded) items.push({ kind: 'row', row, at })
  })
  if (head && more) head.whole = false
  return items
}

/** The narrowest that the column without width may become. */
export const restWidth = 150

/** The columns that fit into a width: those of the highest rank leave first, from the right. */
export function fittingColumns<Row>(columns: TableColumn<Row>[], width: number, taken: number): TableColumn<Row>[] {
  const left = [...columns]
  const need = () => left.reduce((sum, column) => sum + (column.width ?? restWidth), taken)
  while (need() > width) {
    const rank = Math.max(0, ...left.map((column) => column.rank ?? 0))
    if (rank === 0) break
    left.splice(left.findLastIndex((column) => column.rank === rank), 1)
  }
  return left
}

/** The chosen columns in the order of the table; without a choice all that are not extra. */
export function chosenColumns<Row>(columns: TableColumn<Row>[], chosen: string | undefined): TableColumn<Row>[] {
  if (chosen === undefined) return columns.filter((column) => !column.extra)
  const keys = new Set(chosen.split(','))
  return columns.filter((column) => keys.has(column.key) || column.width === undefined)
}

/** The sort key after a click on a column's head: rising first, then falling. */
export const nextSort = (sort: string | undefined, key: string): string => (sort === key ? `-${key}` : key)
