import { useQueries, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { type HeldPage, pagesInView, type ReadPage, withPage } from './pages'

export interface Pages<Row> {
  /** All rows read so far; undefined until the first page came. */
  rows: Row[] | undefined
  /** More rows follow. */
  more: boolean
  /** The rows are those of the question before; the answer to this one is on its way. */
  waiting: boolean
  error: Error | null
  retry: () => void
  /** Tell which rows are in view: their pages are kept fresh once the view rests, the next one is read ahead. */
  onVisible: (first: number, last: number) => void
}

const restAfter = 120

/**
 * A list of any length by keyset pages. Only pages in view are watched, so that a live event reads one or two pages
 * again and not all hundred that somebody has scrolled past. `read` takes the cursor of a page.
 */
export function usePages<Row>(key: QueryKey, read: (cursor: string | undefined, signal: AbortSignal) => Promise<ReadPage<Row>>): Pages<Row> {
  const client = useQueryClient()
  const name = JSON.stringify(key)
  const pageKey = useCallback((cursor: string | undefined) => [...key, 'page', cursor ?? ''], [name])

  // What an earlier visit read is shown at once, as far as it is still held.
  const remembered = useCallback((): HeldPage<Row>[] => {
    let held: HeldPage<Row>[] = []
    for (let cursor: string | undefined, at = 0; at === 0 || cursor; at++) {
      const page: ReadPage<Row> | undefined = client.getQueryData(pageKey(cursor))
      if (!page) break
      held = withPage(held, at, page)
      cursor = page.next_cursor || undefined
    }
    return held
  }, [client, pageKey])

  const [state, setState] = useState(() => ({ name, held: remembered() }))
  const current = state.name === name ? state : { name, held: remembered() }
  if (current !== state) setState(current)
  const held = current.held

  // Drawn again only when other pages come in view, not with every row.
  const view = useRef({ name, first: 0, last: 0 })
  if (view.current.name !== name) view.current = { name, first: 0, last: 0 }
  const [, lookAgain] = useReducer((n: number) => n + 1, 0)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(rest.current), [])
  const watched = pagesInView(held, view.current.first, view.current.last)
  const latest = useRef({ held, watched })
  latest.current = { held, watched }

  const results = useQueries({
    queries: watched.map((at) => {
      const cursor = at === 0 ? undefined : held[at - 1]?.next
      return { queryKey: pageKey(cursor), queryFn: ({ signal }: { signal: AbortSignal }) => read(cursor, signal) }
    }),
  })

  const taken = useRef(new WeakMap<object, string>())
  useEffect(() => {
    results.forEach((result, index) => {
      const at = watched[index]
      const mark = `${name} ${at}`
      if (!result.data || at === undefined || taken.current.get(result.data) === mark) return
      const data = result.data
      taken.current.set(data, mark)
      setState((old) => (old.name === name ? { name, held: withPage(old.held, at, data) } : old))
    })
  })

  const rows = useMemo(() => (held.length > 0 ? held.flatMap((page) => page.items) : undefined), [held])
  const failed = results.find((result) => result.error)
  const before = useRef<Row[]>(undefined)
  useEffect(() => {
    if (rows) before.current = rows
  }, [rows])
  const waiting = !rows && !failed && before.current !== undefined
  return {
    rows: waiting ? before.current : rows,
    more: !waiting && Boolean(held.at(-1)?.next),
    waiting,
    error: failed?.error ?? null,
    retry: () => results.forEach((result) => result.error && void result.refetch()),
    onVisible: useCallback(
      (first: number, last: number) => {
        view.current = { name, first, last }
        clearTimeout(rest.current)
        const { held: known, watched: now } = latest.current
        const next = pagesInView(known, first, last)
        if (next.join() === now.join()) return
        // What a fast scroll passes by is not read again for it; what is missing is read at once.
        if (next.some((at) => at >= known.length)) lookAgain()
        else rest.current = setTimeout(lookAgain, restAfter)
      },
      [name],
    ),
  }
}
