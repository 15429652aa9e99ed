import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation } from '@tanstack/react-query'
import { answered, api, Problem, type Schemas } from '../api/client'
import { queries } from '../api/query'

export type OwnPreferences = Schemas['Preferences']

const key = ['me', 'preferences']

/** What the account keeps of how its person likes to see the frontend, with its version. */
export const preferencesQuery = queryOptions({ queryKey: key, queryFn: () => answered(api.GET('/v1/me/preferences')), staleTime: 60_000 })

type Change = (kept: OwnPreferences) => OwnPreferences

// Read anew before each change, and once more after another window was faster, so that nothing kept there is lost.
async function keep(change: Change, tries = 2) {
  const { data, etag } = await answered(api.GET('/v1/me/preferences'))
  try {
    return await answered(api.PUT('/v1/me/preferences', { params: { header: { 'If-Match': etag ?? undefined } }, body: change(data) }))
  } catch (error) {
    if (tries > 1 && error instanceof Problem && error.status === 412) return keep(change, tries - 1)
    throw error
  }
}

/** Changes what the account keeps, one change after the other; shown at once, and as it was where the server refuses. */
export function useKeepPreferences() {
  return useMutation({
    scope: { id: 'preferences' },
    mutationFn: (change: Change) => keep(change),
    async onMutate(change) {
      await queries.cancelQueries({ queryKey: key })
      queries.setQueryData(preferencesQuery.queryKey, (old) => old && { ...old, data: change(old.data) })
    },
    onSuccess: (now) => queries.setQueryData(preferencesQuery.queryKey, now),
    onError(error) {
      void queries.invalidateQueries({ queryKey: key })
      notifications.show({ color: 'red', message: error.message, autoClose: false })
    },
  }).mutate
}
