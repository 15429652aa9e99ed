import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { createContext, useContext } from 'react'
import { regional } from '../kit/figures'
import { firstDayOf, type Weekday } from '../kit/weeks'
import { api, ok, type Schemas } from './client'

export type Me = Schemas['Me']

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => ok(api.GET('/v1/me')), staleTime: 60_000, retry: false })

/** Who is signed in. Screens inside the shell always have one. */
export const MeContext = createContext<Me | null>(null)

export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe outside of the signed-in shell')
  return me
}

/** Whether the person may; what he may not is absent, not greyed. */
export function useMay(): (permission: string) => boolean {
  const granted = useMe().permissions ?? []
  return (permission) => granted.includes(permission)
}

const sitesQuery = queryOptions({
  queryKey: ['locations', 'sites'],
  queryFn: () => ok(api.GET('/v1/locations', { params: { query: { parent_id: ['root'], limit: 200 } } })),
  staleTime: 300_000,
})

/** The sites this person knows, by name. */
export function useSites(): Schemas['Location'][] {
  const may = useMay()
  return useQuery({ ...sitesQuery, enabled: may('locations.read') }).data?.items ?? []
}

/** The site that is chosen in the header and stands in the address; undefined is all of them. */
export function useSite(): Schemas['Location'] | undefined {
  const { site } = useSearch({ strict: false }) as { site?: string }
  return useSites().find((s) => s.id === site)
}

/** The weekday with which this company's weeks begin. */
export function useFirstDay(): Weekday {
  return firstDayOf(useMe().tenant.week_start)
}

export interface Place {
  locale: string
  /** Zone of the chosen site; all due dates are in it. */
  zone: string
  currency: string
}

/** How this person reads figures, and whose clock counts. */
export function usePlace(siteId?: string): Place {
  const me = useMe()
  const sites = useSites()
  const site = sites.find((s) => s.id === siteId)
  return { locale: regional(me.locale, navigator.language), zone: site?.time_zone || me.time_zone || me.tenant.time_zone, currency: me.tenant.currency }
}
