import { Button } from '@mantine/core'
import { IconFilterOff, IconPlus, IconTemplate } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay } from '../../api/me'
import { Code } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { Note } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import { ViewLink } from '../../kit/ViewLink'
import classes from '../stock/Page.module.css'
import type { AssetTemplate } from './queries'
import { sortOf, type TemplateSearch, viewOf, views } from './search'
import { TemplateSheet } from './TemplateSheet'

const route = getRouteApi('/shell/asset-templates')
const icon = { size: 16, stroke: 1.75 }

/** What assets are made after: maker, model, custom fields and spare parts that many share. */
export function AssetTemplates() {
  const { t } = useTranslation('asset-templates')
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/asset-templates' })
  const change = (changed: Partial<TemplateSearch>) => void navigate({ search: (old: TemplateSearch) => ({ ...old, ...changed }), replace: true })
  const may = useMay()
  const [making, setMaking] = useState(false)
  const view = viewOf(search)
  const query = { q: search.q, archived: view === 'archived' || undefined, sort: sortOf(search), limit: 200 }
  const pages = usePages<AssetTemplate>(['asset-templates', 'list', query], (cursor, signal) => ok(api.GET('/v1/asset-templates', { params: { query: { ...query, cursor } }, signal })))
  const columns = useMemo<TableColumn<AssetTemplate>[]>(
    () => [
      { key: 'code', head: t('code'), width: 140, sort: 'code', cell: (template) => <Code>{template.code}</Code> },
      { key: 'name', head: t('name'), sort: 'name', cell: (template) => template.name },
      { key: 'category', head: t('category'), width: 200, rank: 1, cell: (template) => template.category.name },
      { key: 'maker', head: t('maker'), width: 220, rank: 2, cell: ({ manufacturer, model }) => [manufacturer, model].filter(Boolean).join(' ') },
    ],
    [t],
  )
  const make = may('asset_templates.write') ? (
    <Button variant="filled" leftSection={<IconPlus {...icon} />} onClick={() => setMaking(true)}>
      {t('new')}
    </Button>
  ) : null
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <PageTitle list title={t('heading')} main={make} />
      <SavedViews
        label={t('views')}
        views={views.map((key) => ({ key, label: t(`view.${key}`) }))}
        current={view}
        link={({ key }, props) => <ViewLink to="/asset-templates" search={{ ...search, saved: key === 'all' ? undefined : key }} {...props} />}
      />
      <Filters filters={[]} values={{ q: search.q }} onChange={change} searchKey="q" />
      <DataTable
        label={t('heading')}
        scrollId="asset-templates"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ code, name }) => `${code} ${name}`}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === 'code' ? undefined : sort })}
        onOpen={({ id }) => void navigate({ to: '/asset-templates/$templateId', params: { templateId: id } })}
        empty={
          search.q ? (
            <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={() => change({ q: undefined })}>{t('common:clear_filters')}</Button>} />
          ) : (
            <Note icon={<IconTemplate {...icon} />} title={t(`empty.${view}`)} actions={view === 'all' ? make : undefined} />
          )
        }
        phone={(template) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{template.name}</span>
            <span className={classes.phoneMore}>
              <Code>{template.code}</Code> {template.category.name}
            </span>
          </span>
        )}
      />
      {making ? <TemplateSheet onClose={() => setMaking(false)} onDone={({ id }) => void navigate({ to: '/asset-templates/$templateId', params: { templateId: id } })} /> : null}
    </section>
  )
}
