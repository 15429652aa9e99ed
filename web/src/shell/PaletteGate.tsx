import { useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useMay } from '../api/me'
import { onOpenPalette, openPalette } from './palette'

const Palette = lazy(() => import('./Palette').then((file) => ({ default: file.Palette })))

/** Loads «Find or do» when it is first asked for, by Ctrl K or the button. */
export function PaletteGate() {
  const [asked, setAsked] = useState(0)
  const may = useMay()
  useEffect(() => onOpenPalette(() => setAsked((n) => n + 1)), [])
  useHotkeys([['mod+K', openPalette]], [])
  if (asked === 0) return null
  return (
    <Suspense>
      <Palette asked={asked} searches={may('search.read')} />
    </Suspense>
  )
}
