import { useQuery } from '@tanstack/react-query'
import { defaultParseSearch, defaultStringifySearch } from '@tanstack/react-router'
import type { Schemas } from '../api/client'
import { preferencesQuery, useKeepPreferences } from './ownPreferences'
import type { SavedView } from './SavedViews'

type Kept = Schemas['SavedView']

const own = 'own:'

/** What of a list's address a view keeps: everything but the row that is open. */
export function viewText(search: object): string {
  return defaultStringifySearch({ ...search, open: undefined })
}

/** A view under a name takes the place of one that had it. */
export function withView(kept: readonly Kept[], view: Kept): Kept[] {
  return [...kept.filter((other) => other.area !== view.area || other.name !== view.name), view]
}

export const withoutView = (kept: readonly Kept[], area: string, name: string): Kept[] => kept.filter((other) => other.area !== area || other.name !== name)

/** The views of a list that the person kept, for SavedViews; `search` is what the list shows now. */
export function useOwnViews(area: string, search: object) {
  const mine = (useQuery(preferencesQuery).data?.data.saved_views ?? []).filter((view) => view.area === area)
  const keep = useKeepPreferences()
  const change = (views: (kept: Kept[]) => Kept[]) => keep((kept) => ({ ...kept, saved_views: views(kept.saved_views ?? []) }))
  const shown = mine.find((view) => view.search === viewText(search))
  return {
    views: mine.map((view): SavedView => ({ key: own + view.name, label: view.name, own: true })),
    /** Key of the own view that the list shows, if it shows one. */
    current: shown && own + shown.name,
    /** The address of an own view; undefined for any other. */
    searchOf: (view: string): object | undefined => {
      const found = mine.find(({ name }) => own + name === view)
      return found && defaultParseSearch(found.search)
    },
    save: (name: string) => change((kept) => withView(kept, { area, name, search: viewText(search) })),
    remove: (view: string) => change((kept) => withoutView(kept, area, view.slice(own.length))),
  }
}
