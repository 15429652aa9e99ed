import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { api, ok, type Schemas } from '../../../api/client'
import { usePlace } from '../../../api/me'
import { instant } from '../../../kit/figures'
import { Panel } from '../../../kit/Panel'
import { Failed, Loading, Note } from '../../../kit/ScreenStates'
import type { TabProps } from '../AssetPage'
import { type Change, changesOf } from './changes'
import rows from '../Rows.module.css'
import classes from './Tabs.module.css'

type AuditEvent = Schemas['AuditEvent']

/** Who changed what of an asset, newest first. */
export function Audit({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const events = useInfiniteQuery({
    queryKey: ['audit-events', 'asset', asset.id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ok(api.GET('/v1/audit-events', { params: { query: { subject_type: ['asset'], subject_id: [asset.id], limit: 50, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor,
  })
  if (events.isPending) return <Loading />
  if (events.isError) return <Failed error={events.error} retry={() => void events.refetch()} />
  const all = events.data.pages.flatMap((page) => page.items ?? [])
  if (all.length === 0) {
    return (
      <Note icon={<IconHistory size={16} stroke={1.75} />} title={t('audit.none')}>
        {t('audit.none_help')}
      </Note>
    )
  }
  return (
    <Panel flush title={t('audit.title')}>
      <ul className={rows.rows}>
        {all.map((event) => (
          <Event key={event.id} event={event} siteId={asset.site_id} />
        ))}
      </ul>
      {events.hasNextPage ? (
        <div className={classes.older}>
          <Button loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {t('audit.older')}
          </Button>
        </div>
      ) : null}
    </Panel>
  )
}

function Event({ event, siteId }: { event: AuditEvent; siteId: string }) {
  const { t, i18n } = useTranslation('assets')
  const { locale, zone } = usePlace(siteId)
  const action = event.action.split('.').at(-1) ?? event.action
  const did = i18n.exists(`assets:audit.${action}`) ? t(`audit.${action}`) : action
  return (
    <li className={classes.event}>
      <span className={rows.when}>{instant(event.at, locale, zone)}</span>
      <div>
        <p className={classes.did}>
          <b>{event.actor?.name ?? t('audit.system')}</b> {did}
        </p>
        {event.reason ? <p className={classes.quiet}>{event.reason}</p> : null}
        <Changes changes={changesOf(event.before, event.after)} />
      </div>
    </li>
  )
}

function Changes({ changes }: { changes: Change[] }) {
  const { t, i18n } = useTranslation('assets')
  if (changes.length === 0) return null
  return (
    <ul className={classes.changes}>
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <span className={classes.quiet}>{i18n.exists(`assets:label.${field}`) ? t(`label.${field}`) : field}</span> {before ? <del>{before}</del> : null} {after}
        </li>
      ))}
    </ul>
  )
}
