import { useEffect, useRef } from 'react'
import { Wedge } from './wedge'

const inField = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Calls `onCode` with each code that a scanner types like a keyboard while no field has the focus. */
export function useWedge(onCode: (code: string) => void) {
  const latest = useRef(onCode)
  latest.current = onCode
  useEffect(() => {
    const wedge = new Wedge()
    const press = (event: KeyboardEvent) => {
      if (inField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return
      const read = wedge.press(event.key, event.timeStamp)
      if (!read) return
      event.preventDefault()
      latest.current(read)
    }
    // Before the letters of the keyboard map: a scanner types them too.
    window.addEventListener('keydown', press, true)
    return () => window.removeEventListener('keydown', press, true)
  }, [])
}
