import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { type Command, Commands } from '../../kit/Commands'
import { instant } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePhone } from '../../kit/usePhone'
import { filesQuery } from '../work-orders/detail/order'
import { OpenHere } from '../work-orders/new/OpenHere'
import { DecisionSheet } from './DecisionSheet'
import { type Decision, decide, requestQuery, type WorkRequest } from './request'
import classes from './RequestDetail.module.css'
import { Talk } from './Talk'

interface RequestDetailProps {
  id: string
  actions?: ReactNode
  focus?: boolean
}

/** A request with what was reported, the decision on it, and the talk about it. */
export function RequestDetail({ id, ...props }: RequestDetailProps) {
  const request = useQuery(requestQuery(id))
  if (request.error && !request.data) return <Failed error={request.error} retry={() => void request.refetch()} page={!props.actions} />
  if (!request.data) return <Loading />
  return <Detail key={id} request={request.data.data} etag={request.data.etag} {...props} />
}

function Detail({ request, etag, actions, focus }: Omit<RequestDetailProps, 'id'> & { request: WorkRequest; etag: string | null }) {
  const { t } = useTranslation('work-request')
  usePageName(request.number)
  const may = useMay()
  const phone = usePhone()
  const navigate = useNavigate()
  const place = usePlace()
  const title = useRef<HTMLHeadingElement>(null)
  const [open, setOpen] = useState<Decision['command'] | null>(null)
  const run = useCommand((decision: Decision, key) => decide(request, etag, decision, key), {
    refresh: ['work-requests', 'work-orders'],
    done: (order, { command }) => {
      setOpen((is) => (is === command ? null : is)) // by now the person may have opened the next one
      if (order) void navigate({ to: '/work-orders/$id', params: { id: order } })
    },
  })
  useEffect(() => {
    if (focus) title.current?.focus()
  }, [focus, request.id])

  const files = useQuery({ ...filesQuery('work_request', request.id), enabled: may('attachments.read') }).data ?? []
  const allowed = may('work_requests.triage') ? (request.allowed_commands ?? []) : []
  const icon = { size: 16, stroke: 1.75 }
  const icons: Record<string, ReactNode> = { accept: <IconCheck {...icon} />, duplicate: <IconCopy {...icon} />, reject: <IconX {...icon} /> }
  const commands = (['accept', 'duplicate', 'reject'] as const)
    .filter((name) => allowed.includes(name))
    .map((name): Command => ({ name, label: t(`do.${name}`), icon: icons[name], run: () => (run.reset(), setOpen(name)) }))
  const at = request.asset ?? request.location
  const where = (
    <>
      <Code>{at?.code}</Code> {at?.name}
    </>
  )
  return (
    <article className={classes.detail} aria-labelledby={`request-${request.id}`}>
      <header className={classes.head}>
        <div className={classes.line}>
          <span>
            <RecordNumber value={request.number} />
            <span className={classes.quiet}>
              {' · '}
              {t('reported', { who: request.requested_by?.name, at: instant(request.created_at, place.locale, place.zone) })}
            </span>
          </span>
          {actions}
        </div>
        <h1 id={`request-${request.id}`} ref={title} tabIndex={-1} className={classes.title}>
          {request.title}
        </h1>
        <div className={classes.states}>
          <State noun="work_request" state={request.status} />
          {request.asset && may('assets.read') ? <Go href={`/assets/${request.asset.id}`}>{where}</Go> : <span>{where}</span>}
        </div>
        {request.description ? <p className={classes.description}>{request.description}</p> : null}
        {request.reject_reason ? <p className={classes.reason}>{t('because', { reason: request.reject_reason })}</p> : null}
        {request.work_order ? (
          <p className={classes.became}>
            {t('became')}{' '}
            <Go href={`/work-orders/${request.work_order.id}`}>
              <RecordNumber value={request.work_order.number ?? ''} /> {request.work_order.name}
            </Go>
          </p>
        ) : null}
        {request.duplicate_of ? (
          <p className={classes.became}>
            <Go href={`/requests/${request.duplicate_of}`}>{t('first')}</Go>
          </p>
        ) : null}
        {phone ? null : <Commands commands={commands} />}
        {open ? <DecisionSheet command={open} request={request} error={run.error} busy={run.isPending} onClose={() => setOpen(null)} send={(decision) => run.mutate(decision)} /> : null}
      </header>
      {request.status === 'new' && allowed.length > 0 ? (
        <div className={classes.here}>
          <OpenHere place={request.asset?.id ? { kind: 'asset', id: request.asset.id, code: request.asset.code ?? '' } : request.location ? { kind: 'location', id: request.location.id, code: request.location.code ?? '' } : null} except={request.id} />
        </div>
      ) : null}
      <Talk request={request} files={files} />
      {phone && commands.length > 0 ? (
        <div className={classes.foot} data-phone-commands="in-flow">
          <Commands commands={commands} place="foot" />
        </div>
      ) : null}
    </article>
  )
}
