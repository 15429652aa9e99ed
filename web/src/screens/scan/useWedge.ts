import { useEffect, useRef } from 'react'
import { gap, Wedge } from './wedge'

const inField = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

type Reader = { current: (code: string) => void }

// Who reads codes; the one that came last, such as a sheet above a page, gets them.
const readers: Reader[] = []
const wedge = new Wedge()
const released = new WeakSet<Event>()
let held = 0

/** Reads codes out of what is typed. A single key is held until it is sure that it is none of a code, for the keyboard map would take it. */
function press(event: KeyboardEvent) {
  if (released.has(event) || inField(event.target) || event.ctrlKey || event.altKey || event.metaKey) return
  const read = wedge.press(event.key, event.timeStamp)
  clearTimeout(held)
  if (read) {
    event.preventDefault()
    event.stopImmediatePropagation()
    readers.at(-1)?.current(read)
    return
  }
  if (event.key.length !== 1) return
  event.stopImmediatePropagation()
  const { key, code, shiftKey, target } = event
  held = window.setTimeout(() => {
    const again = new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true })
    released.add(again)
    target?.dispatchEvent(again)
  }, gap)
}

/** Calls `onCode` with each code that a scanner types like a keyboard while no field has the focus. */
export function useWedge(onCode: (code: string) => void) {
  const latest = useRef(onCode)
  latest.current = onCode
  useEffect(() => {
    readers.push(latest)
    // Before everybody else who listens.
    if (readers.length === 1) window.addEventListener('keydown', press, true)
    return () => {
      readers.splice(readers.indexOf(latest), 1)
      if (readers.length === 0) window.removeEventListener('keydown', press, true)
    }
  }, [])
}
