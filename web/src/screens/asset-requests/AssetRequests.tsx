import { Button } from '@mantine/core'
import { IconFilterOff, IconTransfer } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { date, money, today as todayAt } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import classes from '../stock/Page.module.css'
import { type AssetRequest, isTransfer, type Kind, listRequests } from './queries'
import { queryOf, type RequestSearch, requestSearch, sortOf, statuses } from './search'

const icon = { size: 16, stroke: 1.75 }

/** Assets that are handed over to another place. */
export function Transfers() {
  return <AssetRequests key="transfers" kind="asset-transfers" />
}

/** Assets that are disposed of. */
export function Disposals() {
  return <AssetRequests key="disposals" kind="asset-disposals" />
}

function AssetRequests({ kind }: { kind: Kind }) {
  const { t } = useTranslation('asset-requests')
  const may = useMay()
  const { locale, zone } = usePlace()
  const today = todayAt(zone)
  const search = requestSearch(useSearch({ strict: false }))
  const navigate = useNavigate()
  const change = (changed: Partial<RequestSearch>) => void navigate({ to: `/${kind}`, search: { ...search, ...changed }, replace: true })
  const query = { ...queryOf(search), sort: sortOf(search), limit: 200 }
  const pages = usePages<AssetRequest>([kind, 'list', query], (cursor, signal) => listRequests(kind, { ...query, cursor }, signal))
  const columns = useMemo<TableColumn<AssetRequest>[]>(
    () => [
      { key: 'number', head: t('number'), width: 110, sort: 'number', cell: ({ number }) => <RecordNumber value={number} /> },
      { key: 'asset', head: t('asset'), cell: ({ asset }) => <><Code>{asset.code}</Code> {asset.name}</> },
      { key: 'what', head: t(`${kind}.what`), width: 200, rank: 2, cell: (request) => (isTransfer(request) ? request.to_location.name : t(`method.${request.method}`)) },
      { key: 'status', head: t('status'), width: 190, rank: 1, cell: ({ status }) => <State noun="asset_request" state={status} /> },
      { key: 'on', head: t('on'), width: 110, align: 'right', rank: 3, cell: ({ on }) => date(on, locale, today) },
      { key: 'worth', head: t('worth'), width: 130, align: 'right', rank: 4, cell: ({ worth }) => money(worth, locale) },
    ],
    [t, kind, locale, today],
  )
  const filters = useMemo<Filter[]>(() => [{ kind: 'choice', key: 'status', label: t('status'), options: statuses.map((value) => ({ value, label: t(`states:asset_request.${value}`) })) }], [t])
  const kinds = ([['asset-transfers', 'asset_transfers.read'], ['asset-disposals', 'asset_disposals.read']] as const).filter(([, permission]) => may(permission))
  return (
    <section className={classes.screen} aria-label={t(kind)}>
      <PageTitle list title={t(kind)} />
      <SavedViews label={t('views')} views={kinds.map(([key]) => ({ key, label: t(key) }))} current={kind} link={({ key }, props) => <Link to={key === 'asset-disposals' ? '/asset-disposals' : '/asset-transfers'} search={search} {...props} />} />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q" />
      <DataTable
        label={t(kind)}
        scrollId={kind}
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ number, asset }) => `${number} ${asset.name}`}
        glyph={({ status }) => <StateGlyph noun="asset_request" state={status} />}
        sort={sortOf(search)}
        onSort={(sort) => change({ sort: sort === '-created_at' ? undefined : sort })}
        onOpen={({ id }) => void (kind === 'asset-transfers' ? navigate({ to: '/asset-transfers/$requestId', params: { requestId: id } }) : navigate({ to: '/asset-disposals/$requestId', params: { requestId: id } }))}
        empty={
          search.q || search.status ? (
            <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={() => change({ q: undefined, status: undefined })}>{t('common:clear_filters')}</Button>} />
          ) : (
            <Note icon={<IconTransfer {...icon} />} title={t(`${kind}.empty`)}>
              {t(`${kind}.help`)}
            </Note>
          )
        }
        phone={(request) => (
          <span className={classes.phone}>
            <span className={classes.phoneTitle}>{request.asset.name}</span>
            <span>{date(request.on, locale, today)}</span>
            <span className={classes.phoneMore}>
              <RecordNumber value={request.number} short /> {t(`states:asset_request.${request.status}`)}
            </span>
          </span>
        )}
      />
    </section>
  )
}
