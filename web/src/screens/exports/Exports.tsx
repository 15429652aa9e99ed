import { Button, NativeSelect } from '@mantine/core'
import { IconDownload, IconFileExport } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant, quantity } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State, StateGlyph } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFollow } from '../../kit/useFollow'
import { usePages } from '../../kit/usePages'
import classes from '../imports/Imports.module.css'

type Export = Schemas['Export']

/** Lists that can be exported, and what a person needs beside `exports.run`. */
const kinds = {
  'asset-categories': 'asset_categories.read',
  'asset-disposals': 'asset_disposals.read',
  'asset-transfers': 'asset_transfers.read',
  assets: 'assets.read',
  'audit-events': 'audit.read',
  'catalog-entries': 'catalog.read',
  'cost-centers': 'cost_centers.read',
  costs: 'costs.read',
  departments: 'departments.read',
  downtimes: 'assets.read',
  'failure-codes': 'failure_codes.read',
  'goods-receipts': 'purchase_orders.read',
  items: 'costs.read',
  'job-plans': 'job_plans.read',
  labor: 'costs.read',
  locations: 'locations.read',
  'maintenance-schedules': 'maintenance_schedules.read',
  'meter-readings': 'meters.read',
  meters: 'meters.read',
  'purchase-orders': 'purchase_orders.read',
  requisitions: 'requisitions.read',
  'stock-movements': 'costs.read',
  'supplier-invoices': 'supplier_invoices.read',
  suppliers: 'suppliers.read',
  users: 'users.read',
  'work-orders': 'work_orders.read',
  'work-requests': 'work_requests.read',
} as const
type Kind = keyof typeof kinds

/** One's own exports, each a file to fetch when it is written. */
export function Exports() {
  const { t } = useTranslation('exports')
  const { locale, zone } = usePlace()
  const [asked, setAsked] = useState(false)
  const pages = usePages<Export>(['exports', 'list'], (cursor, signal) => ok(api.GET('/v1/exports', { params: { query: { limit: 100, cursor } }, signal })))
  useFollow('exports', pages.rows?.some(({ status }) => status === 'running') ?? false)
  const cancel = useCommand((id: string, key: string) => ok(api.POST('/v1/exports/{id}/cancel', { params: { path: { id }, header: { 'Idempotency-Key': key } } })), { refresh: ['exports'] })
  const columns = useMemo<TableColumn<Export>[]>(
    () => [
      { key: 'kind', head: t('list'), cell: ({ kind }) => t(`kind.${kind as Kind}`) },
      { key: 'filter', head: t('filter'), width: 220, rank: 3, cell: ({ filter }) => Object.entries(filter ?? {}).map(([name, values]) => `${name}: ${(values ?? []).join(', ')}`).join('; ') },
      { key: 'format', head: t('format'), width: 80, rank: 2, cell: ({ format }) => format.toUpperCase() },
      { key: 'status', head: t('status'), width: 120, cell: ({ status }) => <State noun="job" state={status} /> },
      { key: 'rows', head: t('rows'), width: 90, align: 'right', rank: 1, cell: ({ rows_total }) => quantity(rows_total, locale) },
      { key: 'created', head: t('begun'), width: 150, align: 'right', rank: 4, cell: ({ created_at }) => instant(created_at, locale, zone) },
      { key: 'file', head: t('file'), width: 130, align: 'right', cell: (one) => <Fetch one={one} stop={() => cancel.mutate(one.id)} /> },
    ],
    [t, locale, zone],
  )
  const begin = (
    <Button variant="filled" leftSection={<IconFileExport size={16} stroke={1.75} />} onClick={() => setAsked(true)}>
      {t('new')}
    </Button>
  )
  return (
    <section className={classes.screen}>
      <PageTitle list title={t('heading')} main={begin} />
      <CommandProblem error={cancel.error} again={() => cancel.variables && cancel.mutate(cancel.variables)} />
      <DataTable
        label={t('heading')}
        scrollId="exports"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ kind }) => t(`kind.${kind as Kind}`)}
        glyph={({ status }) => <StateGlyph noun="job" state={status} />}
        phone={(one) => (
          <span className={classes.phone}>
            <span>{t(`kind.${one.kind as Kind}`)}</span>
            <Fetch one={one} stop={() => cancel.mutate(one.id)} />
            <span className={classes.more}>
              {one.format.toUpperCase()}, {instant(one.created_at, locale, zone)}
            </span>
          </span>
        )}
        empty={
          <Note icon={<IconFileExport size={16} stroke={1.75} />} title={t('empty')}>
            {t('empty_help')}
          </Note>
        }
      />
      {asked ? <NewExport close={() => setAsked(false)} /> : null}
    </section>
  )
}

function Fetch({ one, stop }: { one: Export; stop: () => void }) {
  const { t } = useTranslation('exports')
  if (one.status === 'running') {
    return (
      <Button size="compact-sm" onClick={stop}>
        {t('stop')}
      </Button>
    )
  }
  if (!one.content_url) return one.failure ? <span title={one.failure}>{one.failure}</span> : null
  return (
    <Button size="compact-sm" component="a" href={one.content_url} download leftSection={<IconDownload size={14} stroke={1.75} />}>
      {t('fetch')}
    </Button>
  )
}

function NewExport({ close }: { close: () => void }) {
  const { t } = useTranslation('exports')
  const may = useMay()
  const own = (Object.keys(kinds) as Kind[]).filter((kind) => may(kinds[kind])).sort((a, b) => t(`kind.${a}`).localeCompare(t(`kind.${b}`)))
  const [kind, setKind] = useState<Kind>(own.includes('work-orders') ? 'work-orders' : (own[0] ?? 'assets'))
  const [format, setFormat] = useState<'csv' | 'xlsx'>('csv')
  const write = useCommand((body: { kind: Kind; format: 'csv' | 'xlsx' }, key: string) => ok(api.POST('/v1/exports', { params: { header: { 'Idempotency-Key': key } }, body })), { refresh: ['exports'], done: close })
  const send = () => write.mutate({ kind, format })
  return (
    <Sheet title={t('new')} submit={t('write')} onSubmit={send} busy={write.isPending} onClose={close}>
      <CommandProblem error={write.error} again={send} />
      <NativeSelect label={t('list')} value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)} data={own.map((value) => ({ value, label: t(`kind.${value}`) }))} data-autofocus />
      <NativeSelect
        label={t('format')}
        value={format}
        onChange={(event) => setFormat(event.currentTarget.value as 'csv' | 'xlsx')}
        data={[
          { value: 'csv', label: t('format.csv') },
          { value: 'xlsx', label: t('format.xlsx') },
        ]}
      />
      <p>{t('write_help')}</p>
    </Sheet>
  )
}
