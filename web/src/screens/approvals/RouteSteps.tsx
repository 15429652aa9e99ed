import { IconSend } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useMe, usePlace } from '../../api/me'
import { instant } from '../../kit/figures'
import { Glyph, type GlyphName } from '../../kit/glyphs'
import type { Role } from '../admin/roles'
import type { Approval, ApprovalLevels } from './approval'
import classes from './RouteSteps.module.css'

const looks: Record<ApprovalLevels['status'], GlyphName> = { waiting: 'dotted', active: 'dashed-dot', passed: 'disc-check', failed: 'disc-x', skipped: 'ring-slash' }
type Step = NonNullable<ApprovalLevels['steps']>[number]

/** How many of whom have to approve: «2 of 3 approve · Approver». */
export function useLevelWords() {
  const { t } = useTranslation('approvals')
  return ({ mode, need, people, roles }: { mode: 'all' | 'any' | 'n_of_m'; need: number; people: unknown[] | null; roles?: string[] | null }) => {
    const who = (roles ?? []).map((role) => t(`shell:role.${role as Role}`)).join(', ')
    const words = people?.length === 1 ? '' : t(`mode.${mode}`, { n: need, of: people?.length ?? 0 })
    return [words, who].filter(Boolean).join(' · ')
  }
}

/** The way of an approval: who asked, each level with who decided what and when, and what follows. */
export function RouteSteps({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const { locale, zone } = usePlace()
  const levelWords = useLevelWords()
  const over = approval.status !== 'open'
  return (
    <ol className={classes.route} aria-label={t('route')}>
      <li data-done>
        <span className={classes.mark} data-tone="green">
          <Glyph name="disc-check" size={20} />
        </span>
        <b>{t('submitted')}</b>
        <span className={classes.line}>{approval.requester?.name ?? t('system')}</span>
        <span className={classes.line}>{instant(approval.created_at, locale, zone)}</span>
      </li>
      {(approval.route ?? []).map((level, at) => {
        const steps = level.steps ?? []
        return (
          <li key={at} data-done={level.status === 'passed' || undefined} data-now={(level.status === 'active' && !over) || undefined}>
            <span className={classes.mark} data-tone={level.status === 'passed' ? 'green' : level.status === 'failed' ? 'red' : level.status === 'active' ? 'amber' : 'neutral'}>
              <Glyph name={looks[level.status]} size={20} label={t(`level.${level.status}`)} />
            </span>
            <b>{t('level', { level: at + 1 })}</b>
            <span className={classes.line}>{levelWords(level)}</span>
            {steps.length > 0 ? steps.map((step) => <StepLine key={step.id} step={step} over={over} />) : <span className={classes.line}>{(level.people ?? []).map(({ name }) => name).join(', ')}</span>}
          </li>
        )
      })}
      <li data-done={approval.status === 'approved' || undefined}>
        <span className={classes.mark} data-tone="neutral">
          <IconSend size={18} stroke={1.5} aria-hidden />
        </span>
        <b>{t('then')}</b>
        <span className={classes.line}>{t(`approve.${approval.subject.type}`)}</span>
      </li>
    </ol>
  )
}

function StepLine({ step, over }: { step: Step; over: boolean }) {
  const { t } = useTranslation('approvals')
  const me = useMe()
  const { locale, zone } = usePlace()
  const name = step.person.id === me.id ? t('you') : step.person.name
  const place = step.in_place_of ? ` ${t('in_place', { name: step.in_place_of.name })}` : ''
  const late = !over && step.status === 'pending' && Date.parse(step.answer_by) < Date.now()
  let words
  if (step.status === 'pending') words = over ? t('step.unasked', { name }) : t('step.pending', { name, at: instant(step.answer_by, locale, zone) })
  else words = t(`step.${step.status}`, { name, at: instant(step.decided_at ?? step.asked_at, locale, zone) })
  return (
    <span className={classes.line} data-status={step.status} data-late={late || undefined}>
      {words}
      {place}
      {step.channel === 'mail' ? ` ${t('by_mail')}` : null}
      {step.comment ? <q>{step.comment}</q> : null}
    </span>
  )
}
