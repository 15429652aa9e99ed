import { Button } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant, quantity } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { State, StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import type { Import, Kind } from './fields'
import classes from './Imports.module.css'

/** All imports, the latest first. */
export function Imports() {
  const { t } = useTranslation('imports')
  const { locale, zone } = usePlace()
  const navigate = useNavigate()
  const may = useMay()
  const pages = usePages<Import>(['imports', 'list'], (cursor, signal) => ok(api.GET('/v1/imports', { params: { query: { limit: 100, cursor } }, signal })))
  const columns = useMemo<TableColumn<Import>[]>(
    () => [
      { key: 'file', head: t('file'), cell: ({ file_name }) => file_name },
      { key: 'kind', head: t('kind'), width: 180, rank: 2, cell: ({ kind }) => t(`kind.${kind as Kind}`) },
      { key: 'status', head: t('status'), width: 130, cell: ({ status }) => <State noun="job" state={status} /> },
      { key: 'rows', head: t('rows'), width: 90, align: 'right', rank: 1, cell: ({ rows_total }) => quantity(rows_total, locale) },
      { key: 'changed', head: t('rows_changed'), width: 100, align: 'right', rank: 3, cell: ({ rows_changed, status }) => (status === 'completed' || status === 'cancelled' ? quantity(rows_changed, locale) : '') },
      { key: 'failed', head: t('rows_failed'), width: 100, align: 'right', rank: 1, cell: ({ rows_failed }) => <span data-bad={rows_failed > 0 || undefined}>{quantity(rows_failed, locale)}</span> },
      { key: 'created', head: t('begun'), width: 150, align: 'right', rank: 4, cell: ({ created_at }) => instant(created_at, locale, zone) },
    ],
    [t, locale, zone],
  )
  const begin = may('imports.run') ? (
    <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link to="/imports/new" {...props} />}>
      {t('new')}
    </Button>
  ) : null
  return (
    <section className={classes.screen}>
      <PageTitle list title={t('heading')} main={begin} />
      <DataTable
        label={t('heading')}
        scrollId="imports"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ file_name }) => file_name}
        glyph={({ status }) => <StateGlyph noun="job" state={status} />}
        onOpen={({ id }) => void navigate({ to: '/imports/$importId', params: { importId: id } })}
        phone={(one) => (
          <span className={classes.phone}>
            <span>{one.file_name}</span>
            <State noun="job" state={one.status} />
            <span className={classes.more}>
              {t(`kind.${one.kind as Kind}`)}, {t('count_rows', { count: one.rows_total, rows: quantity(one.rows_total, locale) })}
            </span>
          </span>
        )}
        empty={
          <Note icon={<IconFileImport size={16} stroke={1.75} />} title={t('empty')} actions={begin}>
            {t('empty_help')}
          </Note>
        }
      />
    </section>
  )
}
