import { ActionIcon, Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { IconChevronDown, IconChevronUp, IconRosetteDiscountCheck } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { waitingApprovalsQuery } from '../../api/approvals'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { BesideButtons } from '../../kit/BesideButtons'
import { RecordNumber } from '../../kit/Code'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, instant, money, quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import { usePages } from '../../kit/usePages'
import { type Approval, approvalNoun } from './approval'
import { ApprovalDetail } from './ApprovalDetail'
import classes from './Approvals.module.css'
import { approvalViews, type ApprovalSort, type ApprovalView, sortOf, viewOf, viewsOf } from './search'

const route = getRouteApi('/shell/approvals')
const icon = { size: 16, stroke: 1.75 }

/** What waits for the reader's decision, what was decided, what he asked for: the open one beside the list. */
export function Approvals() {
  const { t } = useTranslation('approvals')
  const may = useMay()
  const { locale, zone } = usePlace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const wide = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const open = wide ? search.open : undefined
  const view = viewOf(search)
  const sort = sortOf(search)
  const { scope, status } = approvalViews[view]
  const query = { scope, status, sort, limit: 100 }
  const pages = usePages<Approval>(['approvals', 'list', query], (cursor, signal) => ok(api.GET('/v1/approvals', { params: { query: { ...query, status: status ? [...status] : undefined, cursor } }, signal })))
  const show = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }), replace: open !== undefined })
  const when = (approval: Approval) =>
    approval.status !== 'open' ? instant(approval.ended_at, locale, zone) : approval.answer_by ? t('by', { at: instant(approval.answer_by, locale, zone) }) : t('by', { at: instant(approval.expires_at, locale, zone) })
  const rows = pages.rows ?? []
  const at = rows.findIndex(({ id }) => id === open)
  const late = (approval: Approval) => approval.status === 'open' && approval.answer_by !== undefined && Date.parse(approval.answer_by) < Date.now()
  const columns = useMemo<TableColumn<Approval>[]>(
    () => [
      { key: 'number', head: t('column.number'), width: 92, rank: 4, cell: ({ subject }) => <RecordNumber value={subject.number} /> },
      {
        key: 'title',
        head: t('column.what'),
        cell: (approval) => (
          <>
            {approval.subject.title} {(approval.difference ?? []).length > 0 ? <span className={classes.changed}>{t('line.changed')}</span> : null}
          </>
        ),
      },
      { key: 'by', head: t('column.by'), width: 140, rank: 3, cell: ({ requester }) => requester?.name ?? t('system') },
      { key: 'at', head: t('column.at'), width: 130, rank: 2, sort: 'created_at', align: 'right', cell: ({ created_at }) => instant(created_at, locale, zone) },
      { key: 'until', head: t(view === 'decided' ? 'column.ended' : 'column.until'), width: 150, rank: 1, align: 'right', cell: (approval) => <span data-late={late(approval) || undefined}>{when(approval)}</span> },
      { key: 'amount', head: t('column.amount'), width: 120, sort: 'amount', align: 'right', cell: ({ amount }) => <b>{money(amount, locale)}</b> },
    ],
    [t, locale, zone, view],
  )
  return (
    <div className={classes.split} data-open={open ? true : undefined}>
      <section className={classes.list} aria-label={t('heading')}>
        <PageTitle list title={t('heading')} />
        <Tabs view={view} />
        <DataTable
          label={t('heading')}
          scrollId="approvals"
          columns={columns}
          {...pages}
          id={(approval) => approval.id}
          name={(approval) => `${approval.subject.number} ${approval.subject.title} ${money(approval.amount, locale)}`}
          glyph={(approval) => (view === 'waiting' ? <span className={classes.turn} role="img" aria-label={t('turn')} /> : <StateGlyph noun={approvalNoun} state={approval.status} />)}
          sort={sort}
          onSort={(next) => void navigate({ search: (old) => ({ ...old, sort: next as ApprovalSort }), replace: true })}
          current={open}
          narrow={open !== undefined}
          onOpen={(approval) => void go({ to: '/approvals/$id', params: { id: approval.id } })}
          onBeside={wide ? (approval) => show(approval.id) : undefined}
          onEscape={() => open && show(undefined)}
          empty={
            <Note icon={<IconRosetteDiscountCheck {...icon} />} title={t(`empty.${view}`)}>
              {t('empty.help')}
            </Note>
          }
          phone={(approval) => (
            <span className={classes.phone}>
              <span className={classes.phoneTitle}>
                <span>{approval.subject.title}</span>
                <b>{money(approval.amount, locale)}</b>
              </span>
              <span className={classes.phoneMore}>
                <span>
                  <RecordNumber value={approval.subject.number} /> {approval.requester?.name ?? t('system')}
                </span>
                <span data-late={late(approval) || undefined}>{when(approval)}</span>
              </span>
            </span>
          )}
        />
        {may('delegations.write') && view === 'waiting' ? (
          <p className={classes.away}>
            {t('away.soon')} <Go href="/me">{t('away.hand_over')}</Go>
          </p>
        ) : null}
      </section>
      {open ? (
        <aside className={classes.beside} aria-label={t('beside')}>
          <ApprovalDetail
            id={open}
            focus
            actions={
              <span className={classes.actions}>
                {at >= 0 && rows.length > 1 ? (
                  <>
                    <span className={classes.place}>{t('beside.place', { at: quantity(at + 1, locale), of: pages.more ? `${quantity(rows.length, locale)}+` : quantity(rows.length, locale) })}</span>
                    {([[-1, 'previous', IconChevronUp], [1, 'next', IconChevronDown]] as const).map(([step, word, Icon]) => (
                      <Tooltip key={word} label={t(`beside.${word}`)}>
                        <ActionIcon aria-label={t(`beside.${word}`)} aria-disabled={!rows[at + step]} onClick={() => rows[at + step] && show(rows[at + step]?.id)}>
                          <Icon {...icon} />
                        </ActionIcon>
                      </Tooltip>
                    ))}
                  </>
                ) : null}
                <BesideButtons label={t('page')} page={(props) => <Link to="/approvals/$id" params={{ id: open }} {...props} />} onClose={() => show(undefined)} />
              </span>
            }
          />
        </aside>
      ) : null}
    </div>
  )
}

function Tabs({ view }: { view: ApprovalView }) {
  const { t } = useTranslation('approvals')
  const may = useMay()
  const { locale } = usePlace()
  const total = useQuery({ ...waitingApprovalsQuery, placeholderData: keepPreviousData }).data?.total
  const count = capped(total, locale)
  return (
    <SavedViews
      label={t('views')}
      views={viewsOf(may).map((key) => ({ key, label: t(`view.${key}`), count: key === 'waiting' ? count : undefined }))}
      current={view}
      link={(one, props) => <ViewLink to="/approvals" search={{ saved: one.key === 'waiting' ? undefined : one.key }} {...props} />}
    />
  )
}
