import { cents, money, quantity } from '../../kit/figures'
import type { Approval } from './approval'

type Change = NonNullable<Approval['difference']>[number]
type Line = NonNullable<Approval['content']['lines']>[number]

/** What stands in a place now, and what stood there before where it was something else. */
export interface Cell {
  now: string
  before?: string
}

export interface LineRow {
  key: string
  change?: 'new' | 'removed' | 'changed'
  text: Cell
  quantity: Cell
  unit_price: Cell
  total: Cell
}

const columns = ['text', 'quantity', 'unit_price', 'total'] as const
type Column = (typeof columns)[number]

const quantityOf = (line: Line) => [line.quantity, line.unit].filter(Boolean).join(' ')

/** The lines with what changed in each. Removed ones stand at the end, as the difference tells them. */
export function lineRows(lines: Line[], changes: Change[]): LineRow[] {
  const of = (key: string) => changes.find((change) => change.key === key)
  const rows = lines.map((line): LineRow => {
    const whole = of(`line:${line.key}`)
    const cell = (column: Column, value: string | undefined): Cell => {
      const change = of(`line:${line.key}:${column}`)
      return change ? { now: change.after, before: change.before } : { now: value ?? '' }
    }
    const row: LineRow = { key: line.key, text: cell('text', line.text), quantity: cell('quantity', quantityOf(line)), unit_price: cell('unit_price', line.unit_price), total: cell('total', line.total) }
    if (whole) row.change = whole.before === '' ? 'new' : 'removed'
    else if (columns.some((column) => row[column].before !== undefined)) row.change = 'changed'
    return row
  })
  const known = new Set(lines.map(({ key }) => `line:${key}`))
  for (const change of changes) {
    if (!change.key.startsWith('line:') || known.has(change.key) || columns.some((column) => change.key.endsWith(`:${column}`))) continue
    const gone = change.after === ''
    rows.push({ key: change.key, change: gone ? 'removed' : 'new', text: { now: change.label.replace(/, (removed|new)$/, '') }, quantity: { now: '' }, unit_price: { now: '' }, total: { now: gone ? change.before : change.after } })
  }
  return rows
}

/** The changes beside those of lines: title, amount and facts. */
export const plainChanges = (changes: Change[]): Change[] => changes.filter(({ key }) => !key.startsWith('line:'))

/** A figure of the API, «600.00 EUR», «10 pc» or «84», in the reader's writing; other words as they are. Prices of a currency have its cents. */
export function written(text: string, locale: string, currency?: string): string {
  const amount = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text)
  if (amount?.[1] && amount[2]) return money({ amount: amount[1], currency: amount[2] }, locale)
  const figure = /^(-?\d+(?:\.\d+)?)( [^\d\s]\S*)?$/.exec(text)
  if (figure?.[1] && !figure[2] && currency) return cents(figure[1], locale, currency)
  return figure?.[1] ? quantity(figure[1], locale) + (figure[2] ?? '') : text
}

/** How far the amount moved, to the last digit; undefined where it did not, or in another currency. */
export function amountMoved(changes: Change[]): { by: { amount: string; currency: string }; percent: string } | undefined {
  const change = changes.find(({ key }) => key === 'amount')
  if (!change) return undefined
  const [was, from] = change.before.split(' ')
  const [is, to] = change.after.split(' ')
  if (!was || !is || !to || from !== to) return undefined
  const digits = Math.max(...[was, is].map((text) => text.split('.')[1]?.length ?? 0))
  const whole = (text: string) => {
    const [units = '0', rest = ''] = text.split('.')
    return BigInt(units + rest.padEnd(digits, '0'))
  }
  const moved = whole(is) - whole(was)
  const plain = (moved < 0n ? -moved : moved).toString().padStart(digits + 1, '0')
  const amount = `${moved < 0n ? '-' : ''}${digits ? `${plain.slice(0, -digits)}.${plain.slice(-digits)}` : plain}`
  const base = whole(was)
  return { by: { amount, currency: to }, percent: base === 0n ? '' : (Number((moved * 1000n) / base) / 10).toFixed(1) }
}
