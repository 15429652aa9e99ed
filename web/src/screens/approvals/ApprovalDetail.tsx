import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconCheck, IconUserShare, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../api/client'
import { usePlace } from '../../api/me'
import { RecordNumber } from '../../kit/Code'
import { CommandProblem } from '../../kit/CommandProblem'
import { instant, money, quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { type Answer, answer, type Approval, approvalQuery, subjectPath } from './approval'
import classes from './ApprovalDetail.module.css'
import { HandOverSheet } from './HandOverSheet'

interface ApprovalDetailProps {
  id: string
  actions?: ReactNode
  focus?: boolean
}

/** One question: what is to be approved, what changed, who decided before, and the reader's answer. */
export function ApprovalDetail({ id, ...props }: ApprovalDetailProps) {
  const approval = useQuery(approvalQuery(id))
  if (approval.error && !approval.data) return <Failed error={approval.error} retry={() => void approval.refetch()} page={!props.actions} />
  if (!approval.data) return <Loading />
  return <Detail key={id} approval={approval.data} {...props} />
}

function Detail({ approval, actions, focus }: Omit<ApprovalDetailProps, 'id'> & { approval: Approval }) {
  const { t } = useTranslation('approval')
  usePageName(approval.subject.number)
  const place = usePlace()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (focus) title.current?.focus()
  }, [focus, approval.id])
  const path = subjectPath(approval)
  const { content } = approval
  return (
    <article className={classes.detail} aria-labelledby={`approval-${approval.id}`}>
      <header className={classes.head}>
        <div className={classes.line}>
          <span>
            {path ? (
              <Go href={path}>
                <RecordNumber value={approval.subject.number} />
              </Go>
            ) : (
              <RecordNumber value={approval.subject.number} />
            )}
            <span className={classes.quiet}> · {t(`subject.${approval.subject.type}`)}</span>
          </span>
          {actions}
        </div>
        <div className={classes.line}>
          <h1 id={`approval-${approval.id}`} ref={title} tabIndex={-1} className={classes.title}>
            {content.title}
          </h1>
          <span className={classes.amount}>{money(content.amount, place.locale)}</span>
        </div>
        <div className={classes.states}>
          <State noun="approval" state={approval.status} />
          <span className={classes.quiet}>
            {approval.requester ? t('asked', { who: approval.requester.name, at: instant(approval.created_at, place.locale, place.zone) }) : t('asked_by_system', { at: instant(approval.created_at, place.locale, place.zone) })}
          </span>
        </div>
        {approval.reason ? <p className={classes.reason}>{t('because', { reason: approval.reason })}</p> : null}
        {approval.newer_id ? (
          <p className={classes.reason}>
            <Go href={`/approvals/${approval.newer_id}`}>{t('newer')}</Go>
          </p>
        ) : null}
      </header>
      <div className={classes.body}>
        <Route approval={approval} />
        {(approval.difference ?? []).length > 0 ? <Changes approval={approval} /> : null}
        <dl className={classes.facts}>
          {(content.facts ?? []).map((fact) => (
            <div key={fact.label}>
              <dt>{t(`fact.${fact.label}`, { defaultValue: fact.label })}</dt>
              <dd>{fact.text}</dd>
            </div>
          ))}
        </dl>
        {(content.lines ?? []).length > 0 ? <Lines approval={approval} /> : null}
        <section className={classes.next}>
          <h2>{t('next')}</h2>
          <p>{t(`approves.${approval.subject.type}`)}</p>
          <p>{t(`rejects.${approval.subject.type}`)}</p>
          {approval.status === 'open' ? <p>{t('nothing', { at: instant(approval.expires_at, place.locale, place.zone) })}</p> : null}
        </section>
      </div>
      {(approval.allowed_commands ?? []).includes('approve') ? <Decision approval={approval} /> : null}
    </article>
  )
}

/** Who is asked, level after level. */
function Route({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval')
  const place = usePlace()
  return (
    <ol className={classes.route} aria-label={t('route')}>
      {(approval.route ?? []).map((level, index) => (
        <li key={index} data-status={level.status}>
          <h2>
            {t('level', { count: index + 1 })} · {t(`level.${level.status}`)}
          </h2>
          <p className={classes.quiet}>{t('need', { need: level.need, of: (level.people ?? []).length })}</p>
          <ul>
            {(level.steps ?? []).map((step) => (
              <li key={step.id} data-over={step.status === 'superseded' || step.status === 'delegated' || undefined}>
                <b>{step.person.name}</b> {t(`step.${step.status}`)}
                {step.in_place_of ? ` (${t('in_place', { who: step.in_place_of.name })})` : ''}
                <span className={classes.quiet}> {step.status === 'pending' ? t('until', { at: instant(step.answer_by, place.locale, place.zone) }) : instant(step.decided_at, place.locale, place.zone)}</span>
                {step.comment ? <q className={classes.comment}>{step.comment}</q> : null}
              </li>
            ))}
          </ul>
          {(level.steps ?? []).length === 0 ? <p>{(level.people ?? []).map((person) => person.name).join(', ')}</p> : null}
        </li>
      ))}
    </ol>
  )
}

function Changes({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval')
  return (
    <section className={classes.changes}>
      <h2>{t('changed')}</h2>
      <ul>
        {(approval.difference ?? []).map((change) => (
          <li key={change.key}>
            <span>{t(`fact.${change.label}`, { defaultValue: change.label })}</span>
            <span>
              {change.before ? <del>{change.before}</del> : null} {change.after}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Lines({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval')
  const { locale } = usePlace()
  return (
    <table className={classes.lines}>
      <thead>
        <tr>
          <th>{t('line')}</th>
          <th>{t('quantity')}</th>
          <th>{t('price')}</th>
          <th>{t('total')}</th>
        </tr>
      </thead>
      <tbody>
        {(approval.content.lines ?? []).map((line) => (
          <tr key={line.key}>
            <td>{line.text}</td>
            <td>
              {quantity(line.quantity, locale)} {line.unit}
            </td>
            <td>{quantity(line.unit_price, locale)}</td>
            <td>{quantity(line.total, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The reader's answer, with the amount in the button. */
function Decision({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approval')
  const { locale } = usePlace()
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const [handing, setHanding] = useState(false)
  const run = useCommand((given: Answer, key) => answer(approval, given, key), { refresh: ['approvals', 'work-orders', 'notifications'], done: () => setHanding(false) })
  const icon = { size: 16, stroke: 1.75 }
  const busy = (command: Answer['command']) => run.isPending && run.variables.command === command
  const give = (command: 'approve' | 'reject') => {
    setMissing(command === 'reject' && comment.trim() === '')
    if (command === 'approve' || comment.trim() !== '') run.mutate({ command, comment: comment.trim() })
  }
  const refused = run.error instanceof Problem && (run.error.body.errors ?? []).some((fault) => fault.pointer === '/comment')
  return (
    <div className={classes.decision} data-phone-commands>
      {handing ? null : <CommandProblem error={run.error} again={() => run.variables && run.mutate(run.variables)} />}
      <Textarea
        aria-label={t('comment')}
        placeholder={t('comment_help')}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        value={comment}
        error={missing || refused ? t('comment_missing') : undefined}
        onChange={(event) => (setComment(event.currentTarget.value), setMissing(false))}
      />
      <div className={classes.buttons}>
        <Button leftSection={<IconUserShare {...icon} />} onClick={() => (run.reset(), setHanding(true))}>
          {t('do.delegate')}
        </Button>
        <Button className={classes.reject} leftSection={<IconX {...icon} />} loading={busy('reject')} onClick={() => give('reject')}>
          {t('do.reject')}
        </Button>
        <Button variant="filled" leftSection={<IconCheck {...icon} />} loading={busy('approve')} onClick={() => give('approve')}>
          {t('do.approve', { amount: money(approval.content.amount, locale) })}
        </Button>
      </div>
      {handing ? <HandOverSheet error={run.error} busy={busy('delegate')} onClose={() => setHanding(false)} send={(to, reason) => run.mutate({ command: 'delegate', to, reason })} /> : null}
    </div>
  )
}
