import { ActionIcon, Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { IconArrowsDiagonal, IconChecklist, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant, money } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import { useCounts } from '../../shell/useNav'
import { ApprovalDetail } from './ApprovalDetail'
import type { Approval } from './approval'
import classes from '../requests/Requests.module.css'
import { approvalViews, type ApprovalView, viewOf } from './search'

const route = getRouteApi('/shell/approvals')
const icon = { size: 16, stroke: 1.75 }

/** What waits for the reader's decision, the open question beside the list. */
export function Approvals() {
  const { t } = useTranslation('approval')
  const place = usePlace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const counts = useCounts()
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const open = wide ? search.open : undefined
  const view = viewOf(search)
  const usual = view === 'open' ? 'created_at' : '-created_at'
  const sort = (search.sort ?? usual) as 'created_at'
  const { status, scope } = approvalViews[view]
  const query = { status: status ? [...status] : undefined, scope, sort, limit: 100 }
  const pages = usePages<Approval>(['approvals', 'list', query], (cursor, signal) => ok(api.GET('/v1/approvals', { params: { query: { ...query, cursor } }, signal })))
  const show = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }), replace: open !== undefined })
  const columns = useMemo<TableColumn<Approval>[]>(
    () => [
      { key: 'number', head: t('column.number'), width: 110, rank: 3, cell: (a) => <RecordNumber value={a.subject.number} /> },
      { key: 'title', head: t('column.title'), cell: (a) => a.subject.title },
      { key: 'by', head: t('column.by'), width: 140, rank: 4, cell: (a) => a.requester?.name },
      { key: 'until', head: t(view === 'open' ? 'column.until' : 'column.at'), width: 130, rank: 2, align: 'right', cell: (a) => instant(view === 'open' ? a.answer_by : (a.ended_at ?? a.created_at), place.locale, place.zone) },
      { key: 'amount', head: t('column.amount'), width: 120, rank: 1, sort: 'amount', align: 'right', cell: (a) => money(a.content.amount, place.locale) },
    ],
    [t, view, place.locale, place.zone],
  )
  return (
    <div className={classes.split} data-open={open ? true : undefined}>
      <section className={classes.list} aria-label={t('heading')}>
        <PageTitle title={t('heading')} />
        <SavedViews
          label={t('views')}
          views={(Object.keys(approvalViews) as ApprovalView[]).map((key) => ({ key, label: t(`view.${key}`), count: key === 'open' && counts.approvals ? String(counts.approvals.value) : undefined }))}
          current={view}
          link={(one, props) => <Link to="/approvals" search={() => (one.key === 'open' ? {} : { saved: one.key })} {...props} />}
        />
        <DataTable
          label={t('heading')}
          scrollId="approvals"
          columns={columns}
          rows={pages.rows}
          more={pages.more}
          onVisible={pages.onVisible}
          error={pages.error}
          retry={pages.retry}
          id={(a) => a.id}
          name={(a) => `${a.subject.number} ${a.subject.title}`}
          glyph={(a) => <StateGlyph noun="approval" state={a.status} />}
          sort={sort}
          onSort={(by) => void navigate({ search: (old) => ({ ...old, sort: by === usual ? undefined : by }), replace: true })}
          current={open}
          onOpen={(a) => void go({ to: '/approvals/$id', params: { id: a.id } })}
          onBeside={wide ? (a) => show(a.id) : undefined}
          onEscape={() => open && show(undefined)}
          empty={
            <Note icon={<IconChecklist {...icon} />} title={t(`empty.${view}`)}>
              {t('empty.help')}
            </Note>
          }
          phone={(a) => (
            <span className={classes.phone}>
              <span className={classes.phoneTitle}>{a.subject.title}</span>
              <span className={classes.phoneMore}>
                <RecordNumber value={a.subject.number} short /> {money(a.content.amount, place.locale)} {a.requester?.name}
              </span>
            </span>
          )}
        />
      </section>
      {open ? (
        <aside className={classes.beside} aria-label={t('beside')}>
          <ApprovalDetail
            id={open}
            focus
            actions={
              <span className={classes.actions}>
                <Tooltip label={t('page')}>
                  <ActionIcon aria-label={t('page')} renderRoot={(props) => <Link to="/approvals/$id" params={{ id: open }} {...props} />}>
                    <IconArrowsDiagonal {...icon} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={t('common:close')}>
                  <ActionIcon aria-label={t('common:close')} onClick={() => show(undefined)}>
                    <IconX {...icon} />
                  </ActionIcon>
                </Tooltip>
              </span>
            }
          />
        </aside>
      ) : null}
    </div>
  )
}
