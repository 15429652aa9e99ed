import { Button } from '@mantine/core'
import { IconFilterOff, IconHistory } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import classes from './Audit.module.css'
import { AuditDetail } from './AuditDetail'
import { changesOf } from './changes'
import { type AuditSearch, filterCount, filterKeys, queryOf } from './search'
import { useVerification, Verified, VerifyButton } from './Verify'
import { actionWords, nounWords, subjectTypes } from './words'

export type AuditEvent = Schemas['AuditEvent']

const route = getRouteApi('/shell/audit')
const pageSize = 200

/** Who changed what, when and why; an event opens beside the list. */
export function Audit() {
  const { t } = useTranslation('audit')
  const { locale, zone } = usePlace()
  const may = useMay()
  const verification = useVerification()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/audit' })
  const change = (changed: Partial<AuditSearch>) => void navigate({ search: (old: AuditSearch) => ({ ...old, ...changed }), replace: true })
  const query = { ...queryOf(search, zone), limit: pageSize }
  const pages = usePages<AuditEvent>(['audit-events', query], (cursor, signal) => ok(api.GET('/v1/audit-events', { params: { query: { ...query, cursor } }, signal })))
  const opened = pages.rows?.find(({ id }) => id === search.open)

  const columns = useMemo<TableColumn<AuditEvent>[]>(
    () => [
      { key: 'at', head: t('at'), width: 150, sort: 'at', cell: ({ at }) => instant(at, locale, zone) },
      { key: 'who', head: t('who'), width: 180, rank: 1, cell: (event) => <Who event={event} /> },
      { key: 'what', head: t('what'), width: 260, cell: ({ action }) => actionWords(action, t) },
      {
        key: 'changed',
        head: t('changed'),
        rank: 0,
        cell: ({ before, after, reason }) => (
          <span className={classes.changed}>
            {reason ??
              changesOf(before, after)
                .map((one) => (one.before ? t('from_to', { ...one }) : t('is', { ...one })))
                .join(', ')}
          </span>
        ),
      },
    ],
    [t, locale, zone],
  )
  const filters = useMemo<Filter[]>(
    () => [
      { kind: 'choice', key: 'subject_type', label: t('about'), options: subjectTypes.map((value) => ({ value, label: nounWords(value, t) })) },
      ...(may('people.read') ? [peopleFilter(t('who'))] : []),
      { kind: 'days', key: 'days', label: t('days'), from: 'from', to: 'to' },
    ],
    [t],
  )
  return (
    <section className={classes.screen}>
      <PageTitle list title={t('heading')} actions={<VerifyButton walk={verification.walk} />} />
      <Verified {...verification} />
      <Filters filters={filters} values={{ ...search }} onChange={change}>
        {search.subject_id || search.action ? (
          <Button size="compact-sm" onClick={() => change({ subject_id: undefined, action: undefined })}>
            {t('all_records')}
          </Button>
        ) : null}
      </Filters>
      <div className={classes.split} data-open={opened ? true : undefined}>
        <DataTable
          label={t('heading')}
          scrollId="audit"
          columns={columns}
          {...pages}
          id={({ id }) => id}
          name={({ action }) => actionWords(action, t)}
          sort={search.sort === 'at' ? 'at' : '-at'}
          onSort={(sort) => change({ sort: sort === 'at' ? 'at' : undefined })}
          current={search.open}
          onOpen={({ id }) => change({ open: id })}
          onEscape={() => change({ open: undefined })}
          phone={(event) => (
            <span className={classes.phone}>
              <span>{actionWords(event.action, t)}</span>
              <span className={classes.more}>
                <Who event={event} />, {instant(event.at, locale, zone)}
              </span>
            </span>
          )}
          empty={
            filterCount(search) > 0 ? (
              <Note icon={<IconFilterOff size={16} stroke={1.75} />} title={t('empty.filtered')} actions={<Button onClick={() => change(Object.fromEntries(filterKeys.map((key) => [key, undefined])))}>{t('common:clear_filters')}</Button>} />
            ) : (
              <Note icon={<IconHistory size={16} stroke={1.75} />} title={t('empty')}>
                {t('empty_help')}
              </Note>
            )
          }
        />
        {opened ? <AuditDetail event={opened} only={(changed) => change(changed)} close={() => change({ open: undefined })} /> : null}
      </div>
    </section>
  )
}

/** Who did it: a person, a token of his, or Mainstay itself. */
export function Who({ event }: { event: AuditEvent }) {
  const { t } = useTranslation('audit')
  if (!event.actor) return <>{t('system')}</>
  return <>{event.actor_kind === 'api_token' ? t('by_token', { name: event.actor.name }) : event.actor.name}</>
}

function peopleFilter(label: string): Filter {
  const option = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  const find = async (q: string | undefined) => ((await ok(api.GET('/v1/people', { params: { query: { q, limit: 50 } } }))).items ?? []).map(option)
  return {
    kind: 'pick',
    key: 'actor_id',
    label,
    find: (text) => find(text || undefined),
    named: async (ids) => {
      const all = await find(undefined)
      return ids.map((id) => all.find(({ value }) => value === id) ?? { value: id, label: id.slice(0, 8) })
    },
  }
}
