import { useEffect, useRef } from 'react'
import type { Key } from './keyMap'
import { preferences } from './preferences'

/** Whether keys typed here are text, or belong to a menu or dialog that is open. */
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]') !== null
}

/** Acts on a single key outside of fields; with modifiers it is somebody else's. Letters rest where the person switched them off. */
export function useShortcut(key: Key, act: (event: KeyboardEvent) => void, on = true) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!on) return
    const listen = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return
      if (key.length === 1 && !preferences().letters) return
      event.preventDefault()
      latest.current(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key, on])
}
