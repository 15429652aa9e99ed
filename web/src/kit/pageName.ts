import { useEffect, useSyncExternalStore } from 'react'

interface PageName {
  path: string
  words: string
}

let shown: PageName = { path: '', words: '' }
const listeners = new Set<() => void>()

function listen(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Names the page in the window's title and at the end of the header's path. PageTitle does it; pages with a title of their own call it. */
export function usePageName(words: string) {
  useEffect(() => {
    if (!words) return
    shown = { path: location.pathname, words }
    for (const listener of listeners) listener()
  }, [words])
}

/** What the page at a path calls itself; empty where it does not. */
export function useShownPageName(path: string): string {
  const name = useSyncExternalStore(listen, () => shown)
  return name.path === path ? name.words : ''
}
