import { useSyncExternalStore } from 'react'

/**
 * What a person chose, as this browser shows it from its first picture on; the account keeps it (usePrefer). The color
 * scheme is Mantine's own. Nothing of it is secret.
 */
export interface Preferences {
  density: 'compact' | 'comfortable'
  /** Whether single letters act outside of fields (WCAG 2.1.4). */
  letters: boolean
}

const place = 'mainstay.preferences'
const first: Preferences = { density: 'compact', letters: true }

/** Reads what was kept; anything that is not understood is left at its first value. */
export function readPreferences(kept: string | null): Preferences {
  try {
    const value = JSON.parse(kept ?? '{}') as Partial<Preferences>
    return { density: value.density === 'comfortable' ? 'comfortable' : 'compact', letters: value.letters !== false }
  } catch {
    return first
  }
}

let chosen = readPreferences(typeof localStorage === 'undefined' ? null : localStorage.getItem(place))
const listeners = new Set<() => void>()

function apply() {
  document.documentElement.dataset.density = chosen.density
}

if (typeof document !== 'undefined') apply()

/** Shows some at once, in this browser. */
export function show(change: Partial<Preferences>) {
  chosen = { ...chosen, ...change }
  localStorage.setItem(place, JSON.stringify(chosen))
  apply()
  for (const listener of listeners) listener()
}

export const preferences = (): Preferences => chosen

export const usePreferences = (): Preferences =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => chosen,
  )
