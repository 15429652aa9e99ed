import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconCheck, IconUserShare, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { RecordNumber } from '../../kit/Code'
import { type Command, Commands } from '../../kit/Commands'
import { instant, money } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { usePhone } from '../../kit/usePhone'
import { useShortcut } from '../../kit/useShortcut'
import { type Approval, approvalNoun, approvalQuery, decide, decided, type Decision, readSubject, subjectPath } from './approval'
import classes from './ApprovalDetail.module.css'
import { Changed, Content } from './Content'
import { DelegateSheet, RejectSheet } from './DecisionSheets'
import { amountMoved } from './difference'
import { RouteSteps } from './RouteSteps'

interface ApprovalDetailProps {
  id: string
  /** Stands at the right of the first line: open as a page, close. */
  actions?: ReactNode
  /** Moves the focus to the title when another one is opened. */
  focus?: boolean
}

/** One approval: what, how much, its way so far, what changed, what follows, and the decision of who is asked. */
export function ApprovalDetail({ id, ...props }: ApprovalDetailProps) {
  const approval = useQuery(approvalQuery(id))
  if (approval.error && !approval.data) return <Failed error={approval.error} retry={() => void approval.refetch()} page={!props.actions} />
  if (!approval.data) return <Loading />
  return <Detail key={id} approval={approval.data} {...props} />
}

const icon = { size: 16, stroke: 1.75 }

function Detail({ approval, actions, focus }: Omit<ApprovalDetailProps, 'id'> & { approval: Approval }) {
  const { t } = useTranslation('approvals')
  usePageName(approval.subject.number)
  const may = useMay()
  const phone = usePhone()
  const { locale, zone } = usePlace()
  const title = useRef<HTMLHeadingElement>(null)
  const [sheet, setSheet] = useState<'reject' | 'delegate' | null>(null)
  const run = useCommand((decision: Decision, key) => decide(approval.id, decision, key), { refresh: decided, done: (_, { command }) => setSheet((is) => (is === command ? null : is)) })
  const allowed = approval.allowed_commands ?? []
  const again = () => run.variables && run.mutate(run.variables)
  useEffect(() => {
    if (focus) title.current?.focus()
  }, [focus, approval.id])

  const { subject } = approval
  const amount = money(approval.amount, locale)
  const moved = amountMoved(approval.difference ?? [])
  const path = may(readSubject[subject.type]) ? subjectPath(subject) : undefined
  const open = (which: 'reject' | 'delegate') => {
    run.reset()
    setSheet(which)
  }
  const sheetProps = { approval, error: run.error, busy: run.isPending, onClose: () => setSheet(null), send: (decision: Decision) => run.mutate(decision) }
  return (
    <article className={classes.detail} aria-labelledby={`approval-${approval.id}`}>
      <header className={classes.head}>
        <div className={classes.line}>
          <span className={classes.origin}>
            <RecordNumber value={subject.number} />
            <span className={classes.quiet}>{t(`subject.${subject.type}`)}</span>
            <State noun={approvalNoun} state={approval.status} />
          </span>
          {actions}
        </div>
        <div className={classes.titles}>
          <div>
            <h1 id={`approval-${approval.id}`} ref={title} tabIndex={-1} className={classes.title}>
              {subject.title}
            </h1>
            <p className={classes.quiet}>
              {t('asked_by', { name: approval.requester?.name ?? t('system'), at: instant(approval.created_at, locale, zone) })}
              {path ? (
                <>
                  {' · '}
                  <Go href={path}>{t(`see.${subject.type}`)}</Go>
                </>
              ) : null}
            </p>
          </div>
          <div className={classes.amount}>
            <strong>{amount}</strong>
            {moved ? <span>{t(moved.percent ? 'moved_percent' : 'moved', { by: `${moved.by.amount.startsWith('-') ? '' : '+'}${money(moved.by, locale)}`, percent: moved.percent })}</span> : null}
          </div>
        </div>
      </header>
      <div className={classes.body}>
        <Ended approval={approval} />
        <RouteSteps approval={approval} />
        <Changed approval={approval} />
        <Content approval={approval} />
        <WhatFollows approval={approval} />
      </div>
      {allowed.length === 0 ? null : phone ? (
        <Foot amount={amount} run={(decision) => run.mutate(decision)} busy={run.isPending} open={open} problem={sheet ? null : <CommandProblem error={run.error} again={again} />} />
      ) : (
        <DecisionBar approval={approval} amount={amount} busy={run.isPending ? run.variables?.command : undefined} run={(decision) => run.mutate(decision)} handOver={() => open('delegate')} problem={sheet ? null : <CommandProblem error={run.error} again={again} />} />
      )}
      {sheet === 'reject' ? <RejectSheet {...sheetProps} /> : null}
      {sheet === 'delegate' ? <DelegateSheet {...sheetProps} /> : null}
    </article>
  )
}

/** How it ended, by whom and why; of a void one the way to what stands in its place. */
function Ended({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const { locale, zone } = usePlace()
  if (approval.status === 'open' && !approval.previous_id) return null
  return (
    <p className={classes.ended} data-status={approval.status}>
      {approval.status === 'open' ? null : t(approval.ended_by ? `ended.${approval.status}` : `ended_alone.${approval.status}`, { name: approval.ended_by?.name, at: instant(approval.ended_at, locale, zone) })}
      {approval.reason ? <q>{approval.reason}</q> : null}
      {approval.newer_id ? <Go href={`/approvals/${approval.newer_id}`}>{t('newer')}</Go> : null}
      {approval.previous_id ? <Go href={`/approvals/${approval.previous_id}`}>{t('previous')}</Go> : null}
    </p>
  )
}

/** What follows from either answer, and from none. */
function WhatFollows({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const { locale, zone } = usePlace()
  if (approval.status !== 'open') return null
  const { type } = approval.subject
  return (
    <dl className={classes.follows}>
      <div>
        <dt>{t('if.approve')}</dt>
        <dd>{t(`approve.${type}`)}</dd>
      </div>
      <div>
        <dt>{t('if.reject')}</dt>
        <dd>{t(`reject.${type}`)}</dd>
      </div>
      <div>
        <dt>{t('if.nothing')}</dt>
        <dd>{approval.answer_by ? t('nothing.asked', { by: instant(approval.answer_by, locale, zone), end: instant(approval.expires_at, locale, zone) }) : t('nothing', { end: instant(approval.expires_at, locale, zone) })}</dd>
      </div>
    </dl>
  )
}

interface DecisionBarProps {
  approval: Approval
  amount: string
  /** The command that is under way. */
  busy: Decision['command'] | undefined
  run: (decision: Decision) => void
  handOver: () => void
  problem: ReactNode
}

/** The decision at the desk: the comment stands beside the buttons, and rejecting without one leads to it. */
function DecisionBar({ approval, amount, busy, run, handOver, problem }: DecisionBarProps) {
  const { t } = useTranslation('approvals')
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const main = useRef<HTMLButtonElement>(null)
  useShortcut('e', () => main.current?.focus())
  useShortcut('m', () => field.current?.focus())
  useShortcut('a', handOver)
  const send = (command: 'approve' | 'reject') => {
    if (busy) return
    if (command === 'reject' && !comment.trim()) {
      setMissing(true)
      field.current?.focus()
      return
    }
    run({ command, comment: comment.trim() })
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    send('approve')
  }
  return (
    <footer className={classes.bar} aria-label={t('decision')} role="group">
      {problem}
      <div className={classes.decide}>
        <Textarea
          ref={field}
          className={classes.comment}
          aria-label={t('comment')}
          placeholder={approval.requester ? t('comment.for', { name: approval.requester.name }) : t('comment')}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={2000}
          value={comment}
          error={missing ? t('comment.missing') : undefined}
          onKeyDown={keys}
          onChange={(event) => {
            setComment(event.currentTarget.value)
            setMissing(false)
          }}
        />
        <Button leftSection={<IconUserShare {...icon} />} loading={busy === 'delegate'} onClick={handOver}>
          {t('do.delegate')}
        </Button>
        <Button color="red" leftSection={<IconX {...icon} />} loading={busy === 'reject'} onClick={() => send('reject')}>
          {t('do.reject')}
        </Button>
        <Button ref={main} variant="filled" leftSection={<IconCheck {...icon} />} loading={busy === 'approve'} onClick={() => send('approve')} aria-keyshortcuts="e">
          {t('do.approve', { amount })}
        </Button>
      </div>
    </footer>
  )
}

interface FootProps {
  amount: string
  busy: boolean
  run: (decision: Decision) => void
  open: (which: 'reject' | 'delegate') => void
  problem: ReactNode
}

/** The decision at the thumb. */
function Foot({ amount, busy, run, open, problem }: FootProps) {
  const { t } = useTranslation('approvals')
  const commands: Command[] = [
    { name: 'approve', label: t('do.approve', { amount }), icon: <IconCheck {...icon} />, busy, run: () => run({ command: 'approve', comment: '' }) },
    { name: 'delegate', label: t('do.delegate'), icon: <IconUserShare {...icon} />, run: () => open('delegate') },
    { name: 'reject', label: t('do.reject'), icon: <IconX {...icon} />, run: () => open('reject') },
  ]
  return (
    <div className={classes.foot} data-phone-commands="in-flow">
      {problem}
      <Commands commands={commands} place="foot" />
    </div>
  )
}
