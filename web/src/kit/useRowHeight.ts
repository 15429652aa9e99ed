import { useSyncExternalStore } from 'react'

function subscribe(changed: () => void) {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-density'] })
  const coarse = matchMedia('(pointer: coarse)')
  coarse.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    coarse.removeEventListener('change', changed)
  }
}

/** Height of a table row in px as the tokens say: by density, and 44 for fingers. */
export const useRowHeight = (): number =>
  useSyncExternalStore(subscribe, () => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--ms-row'), 10) || 32)
