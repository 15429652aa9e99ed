import { Button } from '@mantine/core'
import { IconBuildingStore, IconFilterOff, IconPlus } from '@tabler/icons-react'
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
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import type { Supplier } from './queries'
import { sortOf, type SupplierSearch, viewOf, views } from './search'
import { SupplierSheet } from './SupplierSheet'

const route = getRouteApi('/shell/suppliers')
const icon = { size: 16, stroke: 1.75 }

/** Whom the company buys from. */
export function Suppliers() {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/suppliers' })
  const change = (changed: Partial<SupplierSearch>) => void navigate({ search: (old: SupplierSearch) => ({ ...old, ...changed }), replace: true })
  const [making, setMaking] = useState(false)
  const view = viewOf(search)
  const query = { q: search.q, archived: view === 'archived' || undefined, sort: sortOf(search), limit: 200 }
  const pages = usePages<Supplier>(['suppliers', 'list', query], (cursor, signal) => ok(api.GET('/v1/suppliers', { params: { query: { ...query, cursor } }, signal })))
  const columns = useMemo<TableColumn<Supplier>[]>(
    () => [
      { key: 'code', head: t('code'), width: 140, sort: 'code', cell: (supplier) => <Code>{supplier.code}</Code> },
      { key: 'name', head: t('name'), sort: 'name', cell: (supplier) => supplier.name },
      { key: 'email', head: t('fact.email'), width: 240, rank: 2, cell: (supplier) => supplier.email },
      { key: 'phone', head: t('fact.phone'), width: 160, rank: 3, cell: (supplier) => supplier.phone },
      { key: 'lead', head: t('fact.lead_days'), width: 120, align: 'right', rank: 1, cell: ({ lead_days }) => (lead_days === undefined ? '' : t('in_days', { count: lead_days })) },
    ],
    [t],
  )
  const open = (id: string) => void navigate({ to: '/suppliers/$supplierId', params: { supplierId: id } })
  const create = may('suppliers.write') ? (
    <Button variant="filled" leftSection={<IconPlus {...icon} />} onClick={() => setMaking(true)}>
      {t('supplier.new')}
    </Button>
  ) : null
  return (
    <section className={classes.screen} aria-label={t('suppliers')}>
      <PageTitle list title={t('suppliers')} main={create} />
      <SavedViews
        label={t('views')}
        views={views.map((key) => ({ key, label: t(`supplier.view.${key}`) }))}
        current={view}
        link={({ key }, props) => <ViewLink to="/suppliers" search={{ ...search, saved: key === 'all' ? undefined : key }} {...props} />}
      />
      <Filters filters={[]} values={{ q: search.q }} onChange={change} searchKey="q" />
      <DataTable
        label={t('suppliers')}
        scrollId="suppliers"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ code, name }) => `${code} ${name}`}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === 'code' ? undefined : sort })}
        onOpen={({ id }) => open(id)}
        empty={
          search.q ? (
            <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={() => change({ q: undefined })}>{t('common:clear_filters')}</Button>} />
          ) : view === 'archived' ? (
            <Note icon={<IconBuildingStore {...icon} />} title={t('supplier.empty.archived')} />
          ) : (
            <Note icon={<IconBuildingStore {...icon} />} title={t('supplier.empty')}>
              {t('supplier.empty.help')}
            </Note>
          )
        }
        phone={(supplier) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{supplier.name}</span>
            <span className={classes.phoneMore}>
              <Code>{supplier.code}</Code> {supplier.phone}
            </span>
          </span>
        )}
      />
      {making ? <SupplierSheet onClose={() => setMaking(false)} onDone={({ id }) => open(id)} /> : null}
    </section>
  )
}
