import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type OwnPreferences, preferencesQuery, useKeepPreferences } from './ownPreferences'
import { show } from './preferences'

type Look = Partial<Pick<OwnPreferences, 'density' | 'letters' | 'theme'>>

function useShow() {
  // Resting the transitions would take a style without the page's nonce.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return ({ theme, density, letters }: Look) => {
    if (theme) setColorScheme(theme === 'system' ? 'auto' : theme)
    if (density || letters !== undefined) show({ ...(density ? { density } : {}), ...(letters === undefined ? {} : { letters }) })
  }
}

/** Changes how the frontend looks and acts: here at once, and with the account on every device. */
export function usePrefer() {
  const showAll = useShow()
  const keep = useKeepPreferences()
  return (change: Look) => {
    showAll(change)
    keep((kept) => ({ ...kept, ...change }))
  }
}

/** Makes this browser look as the account keeps it. */
export function useFollowAccount() {
  const kept = useQuery(preferencesQuery).data?.data
  const showAll = useShow()
  const { theme, density, letters } = kept ?? {}
  useEffect(() => showAll({ theme, density, letters }), [theme, density, letters])
}
