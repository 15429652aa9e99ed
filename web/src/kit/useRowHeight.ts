import { useSyncExternalStore } from 'react'

const phone = '(max-width: 47.99em)'

function subscribe(changed: () => void) {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-density'] })
  const queries = [matchMedia('(pointer: coarse)'), matchMedia(phone)]
  queries.forEach((query) => query.addEventListener('change', changed))
  return () => {
    observer.disconnect()
    queries.forEach((query) => query.removeEventListener('change', changed))
  }
}

/** Height of a table row in px as the tokens say: by density, and 44 for fingers. */
export const useRowHeight = (): number =>
  useSyncExternalStore(subscribe, () => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--ms-row'), 10) || 32)

/** Whether the window is as narrow as a phone: tables become rows of two lines, popovers become sheets. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(phone).matches)
