import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { defaultParseSearch, defaultStringifySearch } from '@tanstack/react-router'
import { answered, api, type Schemas } from '../api/client'
import { queries } from '../api/query'
import type { SavedView } from './SavedViews'

type Kept = Schemas['SavedView']

const key = ['me', 'preferences']
const preferencesQuery = queryOptions({ queryKey: key, queryFn: () => answered(api.GET('/v1/me/preferences')), staleTime: 60_000 })
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

// Read anew before each change, so that a view kept in another window stays.
async function change(views: (kept: Kept[]) => Kept[]) {
  const { data, etag } = await answered(api.GET('/v1/me/preferences'))
  return answered(api.PUT('/v1/me/preferences', { params: { header: { 'If-Match': etag ?? undefined } }, body: { ...data, saved_views: views(data.saved_views ?? []) } }))
}

/** The views of a list that the person kept, for SavedViews; `search` is what the list shows now. */
export function useOwnViews(area: string, search: object) {
  const mine = (useQuery(preferencesQuery).data?.data.saved_views ?? []).filter((view) => view.area === area)
  const { mutate } = useMutation({
    mutationFn: change,
    onSuccess: (now) => queries.setQueryData(key, now),
    onError: (error) => notifications.show({ color: 'red', message: error.message, autoClose: false }),
  })
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
    save: (name: string) => mutate((kept) => withView(kept, { area, name, search: viewText(search) })),
    remove: (view: string) => mutate((kept) => withoutView(kept, area, view.slice(own.length))),
  }
}
