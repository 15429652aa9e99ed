import { Button } from '@mantine/core'
import { IconFileImport, IconFilterOff, IconPencil, IconPlus, IconQrcode, IconSitemap } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { useMay, usePlace, useSite } from '../../../api/me'
import { Code } from '../../../kit/Code'
import { ColumnChooser } from '../../../kit/ColumnChooser'
import { DataTable } from '../../../kit/DataTable'
import { capped, today as todayAt } from '../../../kit/figures'
import { Filters } from '../../../kit/Filters'
import { usePageName } from '../../../kit/pageName'
import { useOwnViews } from '../../../kit/ownViews'
import { SavedViews } from '../../../kit/SavedViews'
import { ViewLink } from '../../../kit/ViewLink'
import { Note } from '../../../kit/ScreenStates'
import { SelectionBar } from '../../../kit/SelectionBar'
import { StateGlyph } from '../../../kit/State'
import { usePages } from '../../../kit/usePages'
import type { Asset } from '../queries'
import classes from './AssetList.module.css'
import { BulkEdit } from './BulkEdit'
import { assetColumns } from './columns'
import { assetFilters } from './filters'
import { type AssetListSearch, type AssetQuery, atSite, filterCount, filterKeys, queryOf, sortOf, type View, viewOf, views } from './search'

const route = getRouteApi('/shell/assets/')
const pageSize = 200

function useListSearch() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (changed: AssetListSearch) => void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  return { search, change, navigate }
}

/** All assets as a table, beside the tree. */
export function AssetList() {
  const { t } = useTranslation('assets')
  const { t: word } = useTranslation('states')
  const { search, change, navigate } = useListSearch()
  usePageName(t('heading'))
  const place = usePlace()
  const may = useMay()
  const today = todayAt(place.zone)
  const query: AssetQuery = { ...atSite(queryOf(search), useSite()?.id), sort: sortOf(search) as AssetQuery['sort'], limit: pageSize }
  const pages = usePages<Asset>(['assets', 'list', query], (cursor, signal) => ok(api.GET('/v1/assets', { params: { query: { ...query, cursor } }, signal })))
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const chosen = (pages.rows ?? []).filter(({ id }) => selected.has(id))
  const [edited, setEdited] = useState<Asset[]>()
  const columns = useMemo(() => assetColumns(t, place, today), [t, place.locale, today])
  const filters = useMemo(() => assetFilters(t, word), [t, word])
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <header className={classes.title}>
        <h1>{t('heading')}</h1>
        {may('assets.write') ? (
          <Button className={classes.main} variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to="/assets/new" search={{ location_id: search.location_id }} />}>
            {t('new')}
          </Button>
        ) : null}
      </header>
      <Tabs />
      {selected.size > 0 ? (
        <SelectionBar count={selected.size} onClear={() => setSelected(new Set())}>
          {may('assets.write') ? (
            <Button leftSection={<IconPencil size={16} stroke={1.75} />} onClick={() => setEdited(chosen)}>
              {t('bulk.edit', { count: chosen.length })}
            </Button>
          ) : null}
          <Button leftSection={<IconQrcode size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to="/labels" search={{ assets: [...selected].join() }} />}>
            {t('labels.print', { count: selected.size })}
          </Button>
        </SelectionBar>
      ) : (
        <Filters filters={filters} values={search} onChange={(changed) => change(changed)} searchKey="q">
          <ColumnChooser columns={columns} shown={search.cols} onShown={(cols) => change({ cols })} />
        </Filters>
      )}
      {edited ? <BulkEdit assets={edited} onClose={() => setEdited(undefined)} onSelected={setSelected} /> : null}
      <div className={classes.table}>
        <DataTable
          label={t('heading')}
          scrollId="assets"
          columns={columns}
          shown={search.cols}
          {...pages}
          id={(asset) => asset.id}
          name={(asset) => `${asset.code} ${asset.name}`}
          glyph={(asset) => <StateGlyph noun="asset" state={asset.operating_state} />}
          sort={sortOf(search)}
          onSort={(sort) => change({ sort: sort === 'code' ? undefined : sort })}
          onOpen={(asset) => void navigate({ to: '/assets/$assetId', params: { assetId: asset.id }, search: {} })}
          selected={selected}
          onSelected={setSelected}
          empty={<Empty />}
          phone={(asset) => (
            <span className={classes.phone}>
              <span className={classes.cut}>
                <Code>{asset.code}</Code> {asset.name}
              </span>
              <span className={classes.more}>{asset.location.name}</span>
            </span>
          )}
        />
      </div>
    </section>
  )
}

function useCount(search: AssetListSearch): string | undefined {
  const { locale } = usePlace()
  const query: AssetQuery = { ...atSite(queryOf(search), useSite()?.id), limit: 1, count: 'capped' }
  const total = useQuery({ queryKey: ['assets', 'count', query], queryFn: () => ok(api.GET('/v1/assets', { params: { query } })), placeholderData: keepPreviousData, select: (page) => page.total }).data
  return capped(total, locale)
}

function Tabs() {
  const { t } = useTranslation('assets')
  const { search } = useListSearch()
  const own = useOwnViews('assets', search)
  const counts: Record<View, string | undefined> = {
    all: useCount({ saved: 'all' }),
    down: useCount({ saved: 'down' }),
    stopped: useCount({ saved: 'stopped' }),
    critical: useCount({ saved: 'critical' }),
    archived: useCount({ saved: 'archived' }),
  }
  return (
    <SavedViews
      label={t('list.views')}
      views={[...(Object.keys(views) as View[]).map((key) => ({ key, label: t(`view.${key}`), count: counts[key] })), ...own.views]}
      current={own.current ?? viewOf(search)}
      link={(view, props) => <ViewLink to="/assets" search={own.searchOf(view.key) ?? { ...search, saved: view.key === 'all' ? undefined : view.key }} {...props} />}
      onSave={own.save}
      onRemove={own.remove}
    />
  )
}

function Empty() {
  const { t } = useTranslation('assets')
  const may = useMay()
  const { search, change } = useListSearch()
  const filtered = filterCount(search)
  const inView = useCount({ saved: search.saved })
  if (filtered > 0) {
    return (
      <Note icon={<IconFilterOff size={16} stroke={1.75} />} title={t('empty.filtered')} actions={<Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button>}>
        {inView ? t('empty.hidden', { assets: inView, count: filtered }) : null}
      </Note>
    )
  }
  const view = viewOf(search)
  if (view !== 'all') return <Note icon={<IconSitemap size={16} stroke={1.75} />} title={t(`empty.${view}`)} />
  return (
    <Note
      icon={<IconSitemap size={16} stroke={1.75} />}
      title={t('empty.all')}
      actions={
        may('assets.write') ? (
          <>
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to="/assets/new" />}>
              {t('new')}
            </Button>
            {may('imports.run') ? (
              <Button leftSection={<IconFileImport size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to={'/imports/new' as '/'} />}>
                {t('empty.import')}
              </Button>
            ) : null}
          </>
        ) : null
      }
    >
      {t('empty.help')}
    </Note>
  )
}
