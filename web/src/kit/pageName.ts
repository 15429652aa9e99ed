import { useEffect, useSyncExternalStore } from 'react'

interface PageName {
  path: string
  words: string
  /** The last steps of the header's path, where they are not the words. */
  steps: string[]
}

let shown: PageName = { path: '', words: '', steps: [] }
const nameless = { words: '', steps: [] }
const listeners = new Set<() => void>()

function listen(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * Names the page in the window's title and at the end of the header's path, where `under` is the place that it lies in and `short` what it is
 * called there. PageTitle does it; pages with a title of their own call it.
 */
export function usePageName(words: string, { under, short }: { under?: string; short?: string } = {}) {
  useEffect(() => {
    if (!words) return
    shown = { path: location.pathname, words, steps: [under, short ?? words].filter((step) => step !== undefined) }
    for (const listener of listeners) listener()
  }, [words, under, short])
}

/** What the page at a path calls itself; empty where it does not. */
export function useShownPageName(path: string): Omit<PageName, 'path'> {
  const name = useSyncExternalStore(listen, () => shown)
  return name.path === path ? name : nameless
}
