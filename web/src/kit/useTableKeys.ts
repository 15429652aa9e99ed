import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Key } from './keyMap'
import { preferences } from './preferences'
import type { TableItem } from './tableItems'
import { typing } from './useShortcut'

interface TableKeys<Row> {
  items: TableItem<Row>[]
  id: (row: Row) => string
  active: number
  setActive: (at: number) => void
  reveal: (at: number) => void
  onOpen?: (row: Row) => void
  onBeside?: (row: Row) => void
  onEscape?: () => void
  selected?: ReadonlySet<string>
  onSelected?: (ids: Set<string>) => void
}

interface Handled {
  (event: KeyboardEvent): void
  /** Selects the row at a line, or takes it back. */
  toggle: (at: number) => void
}

/**
 * The keyboard of a table: j k and arrows move, Enter opens, o opens beside, [ ] open the neighbor beside, x selects,
 * Shift with arrows selects more, Home and End jump, Esc takes the selection back. Letters act as long as no field has
 * the focus, arrows and Enter only inside the table.
 */
export function useTableKeys<Row>(table: TableKeys<Row>): Handled {
  const { items, id, active, setActive, reveal, selected, onSelected } = table

  const neighbor = (from: number, step: 1 | -1): number => {
    for (let at = from + step; at >= 0 && at < items.length; at += step) if (items[at]?.kind === 'row') return at
    return from
  }
  const rowAt = (at: number): Row | undefined => {
    const item = items[at]
    return item?.kind === 'row' ? item.row : undefined
  }
  const go = (at: number) => {
    setActive(at)
    reveal(at)
  }
  const toggle = (at: number, on?: boolean) => {
    const row = rowAt(at)
    if (row === undefined || !onSelected) return
    const next = new Set(selected)
    if (on ?? !next.has(id(row))) next.add(id(row))
    else next.delete(id(row))
    onSelected(next)
  }
  const extend = (step: 1 | -1) => {
    if (!onSelected) return go(neighbor(active, step))
    const to = neighbor(active, step)
    const next = new Set(selected)
    for (const row of [rowAt(active), rowAt(to)]) if (row !== undefined) next.add(id(row))
    onSelected(next)
    go(to)
  }
  const beside = (at: number) => {
    const row = rowAt(at)
    if (row === undefined) return
    go(at)
    ;(table.onBeside ?? table.onOpen)?.(row)
  }

  const letters: Partial<Record<Key | 'Escape', () => void>> = {
    j: () => go(neighbor(active, 1)),
    k: () => go(neighbor(active < 0 ? items.length : active, -1)),
    o: () => beside(active),
    x: () => toggle(active),
    '[': () => beside(neighbor(active, -1)),
    ']': () => beside(neighbor(active, 1)),
    Escape: () => (selected?.size ? onSelected?.(new Set()) : table.onEscape?.()),
  }
  const inside: Record<string, () => void> = {
    ArrowDown: () => go(neighbor(active, 1)),
    ArrowUp: () => go(neighbor(active, -1)),
    Home: () => go(neighbor(-1, 1)),
    End: () => go(neighbor(items.length, -1)),
    Enter: () => {
      const row = rowAt(active)
      if (row !== undefined) (table.onOpen ?? table.onBeside)?.(row)
    },
  }

  const latest = useRef(letters)
  latest.current = letters
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const act = latest.current[event.key as Key]
      if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return
      if (event.key.length === 1 && !preferences().letters) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  const handle = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      extend(event.key === 'ArrowDown' ? 1 : -1)
      return
    }
    const act = inside[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
  return Object.assign(handle, { toggle: (at: number) => toggle(at) })
}
