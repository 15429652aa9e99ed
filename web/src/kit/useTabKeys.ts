import { useEffect, useRef } from 'react'
import { preferences } from './preferences'
import { typing } from './useShortcut'

/** 1 to 9 show the first to the ninth tab of a page. */
export function useTabKeys<Tab>(tabs: Tab[], show: (tab: Tab) => void) {
  const latest = useRef({ tabs, show })
  latest.current = { tabs, show }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || !preferences().letters) return
      const tab = latest.current.tabs[Number(event.key) - 1]
      if (tab === undefined) return
      event.preventDefault()
      latest.current.show(tab)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
