import '@mantine/spotlight/styles.layer.css'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconClipboardList, IconClipboardText, IconMessageReport, IconPackages, IconRepeat, IconSearch, IconShoppingCart, IconSitemap, IconTruckDelivery, type Icon } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../api/client'
import { useSite } from '../api/me'
import { Code, RecordNumber } from '../kit/Code'
import { commands, type Entry, groups, ownEntries, phoneEntries } from './nav'
import classes from './Palette.module.css'
import { useShown } from './useNav'
import { findable, hits, pathOf } from './found'

const [store, spotlight] = createSpotlight()

const icons: Record<string, Icon> = { asset: IconSitemap, work_order: IconClipboardList, work_request: IconMessageReport, maintenance_schedule: IconRepeat, item: IconPackages, supplier: IconTruckDelivery, purchase_order: IconShoppingCart, requisition: IconClipboardText }

// Kinds whose code is a number that people say without its zeros.
const numbered = new Set(['work_order', 'work_request', 'purchase_order', 'requisition'])

// What Enter opens is the first one, also of records that came after the last key was pressed.
function selectFirst() {
  const { listId } = store.getState()
  const actions = listId ? document.querySelectorAll(`#${CSS.escape(listId)} [data-action]`) : []
  actions.forEach((action, at) => action.toggleAttribute('data-selected', at === 0))
  store.updateState((state) => ({ ...state, selected: 0 }))
}

// The list hands this on to its scroll area, which the keyboard reaches then.
const reachable = { viewportProps: { tabIndex: 0 } }

/** Finds records by code, number, serial or name, and does commands; opens each time `asked` grows. */
export function Palette({ asked, searches }: { asked: number; searches: boolean }) {
  const { t } = useTranslation('shell')
  const router = useRouter()
  const shown = useShown()
  const [query, setQuery] = useState('')
  const [typed] = useDebouncedValue(query.trim(), 150)
  const site = useSite()?.id
  useEffect(() => spotlight.open(), [asked])

  const found = useQuery({
    queryKey: ['search', typed, site],
    queryFn: ({ signal }) => ok(api.GET('/v1/search', { params: { query: { q: typed, limit: 5, kinds: findable, location_id: site ? [site] : undefined } }, signal })),
    enabled: searches && typed.length >= 2,
    placeholderData: keepPreviousData,
  })
  const records = typed.length >= 2 ? (found.data?.items ?? []) : []
  const word = (entry: Entry) => t(`nav.${entry.word}`)
  const pages = shown([...groups.flatMap((group) => group.entries), ...ownEntries, ...phoneEntries.filter((entry) => entry.to === '/scan')]).filter((entry) => hits(word(entry), query))
  const doable = shown([...commands, ...phoneEntries.filter((entry) => entry.word === 'report')]).filter((entry) => hits(word(entry), query))
  const go = (href: string) => void router.navigate({ href })
  useEffect(selectFirst, [found.data, query])

  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} shortcut={null} size={560} scrollable maxHeight={440} overlayProps={{ backgroundOpacity: 0.4, blur: 0 }} transitionProps={{ duration: 120 }} aria-label={t('find')} classNames={{ content: classes.content, actionsGroup: classes.group }}>
      <Spotlight.Search placeholder={t('find.placeholder')} aria-label={t('find')} leftSection={<IconSearch size={16} stroke={1.75} />} />
      <Spotlight.ActionsList {...reachable}>
        {records.length > 0 ? (
          <Spotlight.ActionsGroup label={t('find.records')}>
            {records.map((record) => {
              const RecordIcon = icons[record.kind] ?? IconSearch
              return (
                <Spotlight.Action key={record.id} className={classes.row} onClick={() => go(pathOf(record))}>
                  <RecordIcon size={16} stroke={1.75} aria-hidden />
                  {numbered.has(record.kind) ? <RecordNumber value={record.code} /> : <Code>{record.code}</Code>}
                  <span className={classes.name}>{record.name}</span>
                  <span className={classes.kind}>{t(`kind.${record.kind}`)}</span>
                </Spotlight.Action>
              )
            })}
          </Spotlight.ActionsGroup>
        ) : null}
        {doable.length > 0 ? (
          <Spotlight.ActionsGroup label={t('find.do')}>
            {doable.map((entry) => (
              <PageRow key={entry.to} entry={entry} word={word(entry)} go={go} />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {pages.length > 0 ? (
          <Spotlight.ActionsGroup label={t('find.pages')}>
            {pages.map((entry) => (
              <PageRow key={entry.to} entry={entry} word={word(entry)} go={go} />
            ))}
          </Spotlight.ActionsGroup>
        ) : null}
        {records.length + doable.length + pages.length === 0 ? <Spotlight.Empty>{found.isFetching ? t('find.searching') : t('find.none', { text: query })}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

function PageRow({ entry, word, go }: { entry: Entry; word: string; go: (to: string) => void }) {
  return (
    <Spotlight.Action className={classes.row} onClick={() => go(entry.to)}>
      <entry.icon size={16} stroke={1.75} aria-hidden />
      <span className={classes.name}>{word}</span>
    </Spotlight.Action>
  )
}
