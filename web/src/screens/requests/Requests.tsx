import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { IconFilterOff, IconMessageReport, IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace, useSite } from '../../api/me'
import { BesideButtons } from '../../kit/BesideButtons'
import { Code, RecordNumber } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, instant } from '../../kit/figures'
import { Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import { RequestDetail } from './RequestDetail'
import type { WorkRequest } from './request'
import classes from './Requests.module.css'
import { type RequestView, requestViews, viewOf } from './search'

const route = getRouteApi('/shell/requests')
const icon = { size: 16, stroke: 1.75 }

/** Requests as they came in, the open one beside them: triage without leaving the list. */
export function Requests() {
  const { t } = useTranslation('work-request')
  const may = useMay()
  const place = usePlace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const open = wide ? search.open : undefined
  const view = viewOf(search)
  const site = useSite()?.id
  const query = { ...requestViews[view], q: search.q, location_id: site ? [site] : undefined, sort: (search.sort ?? '-created_at') as '-created_at', limit: 100 }
  const pages = usePages<WorkRequest>(['work-requests', 'list', query], (cursor, signal) =>
    ok(api.GET('/v1/work-requests', { params: { query: { ...query, cursor, status: 'status' in query ? [...query.status] : undefined, requested_by: 'requested_by' in query ? [...query.requested_by] : undefined } }, signal })),
  )
  const show = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }), replace: open !== undefined })
  const columns = useMemo<TableColumn<WorkRequest>[]>(
    () => [
      { key: 'number', head: t('column.number'), width: 64, rank: 3, sort: 'number', cell: (request) => <RecordNumber value={request.number} short /> },
      { key: 'title', head: t('column.title'), sort: 'title', cell: (request) => request.title },
      { key: 'place', head: t('column.place'), width: 120, rank: 2, cell: (request) => <Code>{(request.asset ?? request.location)?.code}</Code> },
      { key: 'by', head: t('column.by'), width: 140, rank: 4, cell: (request) => request.requested_by?.name },
      { key: 'at', head: t('column.at'), width: 130, rank: 1, sort: 'created_at', align: 'right', cell: (request) => instant(request.created_at, place.locale, place.zone) },
    ],
    [t, place.locale, place.zone],
  )
  return (
    <div className={classes.split} data-open={open ? true : undefined}>
      <section className={classes.list} aria-label={t('heading')}>
        <PageTitle list
          title={t('heading')}
          main={
            may('work_requests.create') ? (
              <Button variant={open ? 'default' : 'filled'} leftSection={<IconPlus {...icon} />} renderRoot={(props) => <Link to="/requests/new" {...props} />}>
                {t('do.report')}
              </Button>
            ) : null
          }
        />
        <Tabs view={view} />
        <Filters filters={[]} values={{ q: search.q }} onChange={(changed) => void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })} searchKey="q" />
        <DataTable
          label={t('heading')}
          scrollId="requests"
          columns={columns}
          {...pages}
          id={(request) => request.id}
          name={(request) => `${request.number} ${request.title}`}
          glyph={(request) => <StateGlyph noun="work_request" state={request.status} />}
          sort={search.sort ?? '-created_at'}
          onSort={(sort) => void navigate({ search: (old) => ({ ...old, sort: sort === '-created_at' ? undefined : sort }), replace: true })}
          current={open}
          onOpen={(request) => void go({ to: '/requests/$id', params: { id: request.id } })}
          onBeside={wide ? (request) => show(request.id) : undefined}
          onEscape={() => open && show(undefined)}
          empty={
            <Note
              icon={search.q ? <IconFilterOff {...icon} /> : <IconMessageReport {...icon} />}
              title={t(search.q ? 'empty.filtered' : `empty.${view}`)}
              actions={search.q ? <Button onClick={() => void navigate({ search: (old) => ({ ...old, q: undefined }) })}>{t('common:clear_filters')}</Button> : null}
            >
              {search.q ? null : t('empty.help')}
            </Note>
          }
          phone={(request) => (
            <span className={classes.phone}>
              <span className={classes.phoneTitle}>{request.title}</span>
              <span className={classes.phoneMore}>
                <RecordNumber value={request.number} short /> <Code>{(request.asset ?? request.location)?.code}</Code> {instant(request.created_at, place.locale, place.zone)}
              </span>
            </span>
          )}
        />
      </section>
      {open ? (
        <aside className={classes.beside} aria-label={t('beside')}>
          <RequestDetail
            id={open}
            focus
            actions={
              <span className={classes.actions}>
                <BesideButtons label={t('page')} page={(props) => <Link to="/requests/$id" params={{ id: open }} {...props} />} onClose={() => show(undefined)} />
              </span>
            }
          />
        </aside>
      ) : null}
    </div>
  )
}

function Tabs({ view }: { view: RequestView }) {
  const { t } = useTranslation('work-request')
  const { locale } = usePlace()
  const site = useSite()?.id
  const total = useQuery({
    queryKey: ['work-requests', 'count', 'new', site],
    queryFn: () => ok(api.GET('/v1/work-requests', { params: { query: { status: ['new'], location_id: site ? [site] : undefined, limit: 1, count: 'capped' } } })),
    placeholderData: keepPreviousData,
    select: (page) => page.total,
  }).data
  const count = capped(total, locale)
  return (
    <SavedViews
      label={t('views')}
      views={(Object.keys(requestViews) as RequestView[]).map((key) => ({ key, label: t(`view.${key}`), count: key === 'new' ? count : undefined }))}
      current={view}
      link={(one, props) => <ViewLink to="/requests" search={(old: object) => ({ ...old, saved: one.key === 'new' ? undefined : one.key, open: undefined })} {...props} />}
    />
  )
}
