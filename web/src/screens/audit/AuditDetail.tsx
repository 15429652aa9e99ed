import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMe, usePlace } from '../../api/me'
import { instant, quantity } from '../../kit/figures'
import { FactRows } from '../../kit/FactRows'
import { Go } from '../../kit/Go'
import type { AuditEvent } from './Audit'
import { Who } from './Audit'
import classes from './Audit.module.css'
import { changesOf, pageOf } from './changes'
import type { AuditSearch } from './search'
import { actionWords, nounWords } from './words'

/** Whether the event is sealed, and in which checkpoint. */
function Seal({ id }: { id: string }) {
  const { t } = useTranslation('audit')
  const { locale, zone } = usePlace()
  const read = useQuery({
    queryKey: ['audit-events', 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/v1/audit-events/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.seal.status === 'open' ? 5_000 : false),
  })
  if (read.isError) return <>{t('seal.unknown')}</>
  if (!read.data) return <>…</>
  const { status, checkpoint, sealed_at } = read.data.seal
  return <>{status === 'sealed' && sealed_at ? t('seal.sealed', { checkpoint: quantity(checkpoint, locale), at: instant(sealed_at, locale, zone) }) : t('seal.open')}</>
}

/** One event in full: what was and what is, why, and what else happened to its record. */
export function AuditDetail({ event, only, close }: { event: AuditEvent; only: (changed: Partial<AuditSearch>) => void; close: () => void }) {
  const { t } = useTranslation('audit')
  const { zone } = usePlace()
  const { locale } = useMe()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [event.id])
  const changes = changesOf(event.before, event.after)
  const page = pageOf(event.subject_type, event.subject_id)
  const at = new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: 'full', timeStyle: 'long' }).format(new Date(event.at))
  const facts: [string, React.ReactNode][] = [
    [t('at'), at],
    [t('who'), <Who key="who" event={event} />],
    [t('why'), event.reason],
    [t('about'), page ? <Go key="page" href={page}>{nounWords(event.subject_type, t)}</Go> : nounWords(event.subject_type, t)],
    [t('record'), <code key="record">{event.subject_id}</code>],
    [t('action'), <code key="action">{event.action}</code>],
    [t('request'), event.request_id ? <code key="request">{event.request_id}</code> : undefined],
    [t('seal'), <Seal key="seal" id={event.id} />],
    [t('command'), event.command_id ? <code key="command">{event.command_id}</code> : undefined],
  ]
  return (
    <aside className={classes.detail} aria-label={t('event')}>
      <header>
        <h2 ref={title} tabIndex={-1}>
          {actionWords(event.action, t)}
        </h2>
        <ActionIcon aria-label={t('common:close')} onClick={close}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </header>
      <FactRows className={classes.facts} facts={facts} />
      {changes.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('field')}</th>
              <th>{t('was')}</th>
              <th>{t('is_now')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <td>
                  <code>{field}</code>
                </td>
                <td className={before ? classes.was : undefined}>{before}</td>
                <td className={after ? classes.now : undefined}>{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <div className={classes.actions}>
        <Button onClick={() => only({ subject_id: event.subject_id, subject_type: undefined, actor_id: undefined, action: undefined })}>{t('this_record')}</Button>
        <Button onClick={() => only({ action: event.action, subject_id: undefined })}>{t('this_action')}</Button>
      </div>
    </aside>
  )
}
