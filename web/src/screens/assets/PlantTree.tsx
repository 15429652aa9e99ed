import { useMediaQuery } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace, useSite } from '../../api/me'
import { Code } from '../../kit/Code'
import { quantity } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { Tree } from '../../kit/Tree'
import classes from './PlantTree.module.css'
import { loadMore, open, toggle, useOpened } from './opened'
import { assetsBelowQuery, groupsQuery, type Grouping, rowId } from './plant'
import { flatten, type PlantPart, type PlantRow } from './plantRows'
import { pathQuery } from './queries'

const joined = (groups: PlantPart | undefined, assets: PlantPart | undefined): PlantPart | undefined =>
  groups || assets ? { items: [...(groups?.items ?? []), ...(assets?.items ?? [])], more: assets?.more ?? false } : undefined

/** The plant by place or by category, loaded part by part as it is opened. The way to the shown asset opens by itself. */
export function PlantTree({ by, assetId }: { by: Grouping; assetId?: string }) {
  const { t } = useTranslation('assets')
  const { t: stateWord } = useTranslation('states')
  const navigate = useNavigate()
  const router = useRouter()
  // Beside the tree there is room for the list, which then shows what stands in a place.
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const { opened, pages } = useOpened()
  const top = useQuery(groupsQuery(by, 'root'))
  const site = useSite()
  const roots = useMemo(() => top.data?.items.filter((item) => by !== 'place' || !site || item.record === site.id) ?? [], [top.data, by, site])

  const path = useQuery({ ...pathQuery(assetId ?? ''), enabled: assetId !== undefined && by === 'place' }).data
  useEffect(() => {
    if (path) open([...path.places.map((place) => rowId('place', place.id)), ...path.parents.map((parent) => rowId('asset', parent.id))])
  }, [path])
  useEffect(() => {
    const only = roots.length === 1 ? roots[0] : undefined
    if (only) open([only.id])
  }, [roots])

  const group = by === 'place' ? 'l:' : 'c:'
  const rowsOpen = [...opened].filter((row) => row.startsWith(group) || row.startsWith('a:'))
  const groups = useQueries({ queries: rowsOpen.map((row) => ({ ...groupsQuery(by, row.slice(2)), enabled: row.startsWith(group) })) })
  const assets = useQueries({ queries: rowsOpen.map((row) => assetsBelowQuery(row, pages.get(row) ?? 1)) })
  const parts = new Map(rowsOpen.map((row, index) => [row, joined(groups[index]?.data, assets[index]?.data)]))
  const stamp = [...groups, ...assets].reduce((sum, query) => sum + query.dataUpdatedAt, 0)
  const rows = useMemo(
    () => flatten(roots, opened, (row) => parts.get(row), { more: t('tree.more'), state: (state) => stateWord(`asset.${state}`) }),
    // The parts are new objects at each drawing; their stamps say when one of them changed.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [roots, opened, stamp, rowsOpen.length, t, stateWord],
  )

  function openRow(row: PlantRow) {
    if (row.kind === 'asset') void navigate({ to: '/assets/$assetId', params: { assetId: row.record }, search: (search) => search })
    else if (row.kind === 'more') loadMore(row.record)
    else if (!wide) toggle(row.id)
    else {
      open([row.id])
      void navigate({ to: '/assets', search: ({ by, find }) => ({ by, find, [row.kind === 'place' ? 'location_id' : 'category_id']: row.record }) })
    }
  }

  if (top.isPending) return <Loading />
  if (top.isError) return <Failed error={top.error} retry={() => void top.refetch()} />
  return (
    <Tree
      rows={rows}
      label={t(by === 'place' ? 'tree.by_place' : 'tree.by_category')}
      selected={assetId ? rowId('asset', assetId) : undefined}
      onToggle={(row) => toggle(row.id)}
      onOpen={openRow}
      href={(row) => (row.kind === 'asset' ? router.buildLocation({ to: '/assets/$assetId', params: { assetId: row.record } }).href : undefined)}
    >
      {(row) => (
        <>
          {row.code ? <span className={classes.code}><Code>{row.code}</Code></span> : null}{' '}
          <span className={row.kind === 'more' ? classes.more : classes.name}>{row.name}</span>{' '}
          {row.state && row.state !== 'up' ? <StateGlyph noun="asset" state={row.state} size={14} /> : null}{' '}
          {row.kind === 'place' || row.kind === 'category' ? <Count kind={row.kind} id={row.record} /> : null}
        </>
      )}
    </Tree>
  )
}

/** How many assets stand in a place or category. Only rows in sight ask. */
function Count({ kind, id }: { kind: 'place' | 'category'; id: string }) {
  const { locale } = usePlace()
  const { data } = useQuery({
    queryKey: ['assets', 'count', kind, id],
    staleTime: 300_000,
    queryFn: () => ok(api.GET('/v1/assets', { params: { query: { limit: 1, count: 'capped', [kind === 'place' ? 'location_id' : 'category_id']: [id] } } })),
  })
  if (!data?.total || data.total.value === 0) return null
  return <span className={classes.count}>{quantity(data.total.value, locale) + (data.total.relation === 'gte' ? '+' : '')}</span>
}
