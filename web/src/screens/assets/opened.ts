import { useSyncExternalStore } from 'react'

// Kept outside of the screens: the tree stays as it was left when another asset or page is opened.
let opened: ReadonlySet<string> = new Set()
let pages: ReadonlyMap<string, number> = new Map()
const listeners = new Set<() => void>()

function tell() {
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Which rows of the plant tree are open, and how many pages of each are loaded. */
export function useOpened() {
  return { opened: useSyncExternalStore(subscribe, () => opened), pages: useSyncExternalStore(subscribe, () => pages) }
}

export function toggle(row: string) {
  const next = new Set(opened)
  if (!next.delete(row)) next.add(row)
  opened = next
  tell()
}

export function open(rows: string[]) {
  if (rows.every((row) => opened.has(row))) return
  opened = new Set([...opened, ...rows])
  tell()
}

export function loadMore(row: string) {
  pages = new Map(pages).set(row, (pages.get(row) ?? 1) + 1)
  tell()
}
