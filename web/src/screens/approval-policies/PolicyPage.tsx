import { Button } from '@mantine/core'
import { IconArchive, IconRestore } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api } from '../../api/client'
import { queries } from '../../api/query'
import { useMay, usePlace } from '../../api/me'
import { CommandMenu } from '../../kit/Commands'
import { CommandProblem } from '../../kit/CommandProblem'
import { DecimalField, FormProblem, SelectField, TextField } from '../../kit/Fields'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { inWords } from '../../kit/staleFields'
import { useCommand } from '../../kit/useCommand'
import type { Fields } from '../../kit/useFields'
import { useStale } from '../../kit/useStale'
import { useStored } from '../../kit/useStored'
import { useUnsaved } from '../../kit/useUnsaved'
import { subjectTypes, type SubjectType } from '../approvals/approval'
import stock from '../stock/Page.module.css'
import { bodyOf, complete, draftOf, emptyPolicy, type PolicyDraft, type RuleDraft, rulesOf } from './draft'
import classes from './Policies.module.css'
import { type Names, type Policy, policyQuery } from './queries'
import { RuleFields } from './RuleFields'
import type { Question } from './search'
import { Simulator } from './Simulator'

const route = getRouteApi('/shell/admin/approval-policies/$policyId')
const icon = { size: 16, stroke: 1.75 }

/** What may need an approval, and whose, from now on. */
export function NewPolicy() {
  return <Form />
}

/** One approval policy: its rules, whom they ask, and the simulator that tries them. */
export function PolicyPage() {
  const { policyId } = route.useParams()
  const read = useQuery(policyQuery(policyId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Form key={policyId} read={storedOf(read.data)} />
}

/** A policy beside what the form shows of it. */
interface Stored {
  policy: Policy
  draft: PolicyDraft
}

const storedOf = ({ policy, etag, names }: { policy: Policy; etag: string | null; names: Names }): Answered<Stored> => ({ data: { policy, draft: draftOf(policy, names) }, etag })
const valuesOf = (stored?: Stored): PolicyDraft => stored?.draft ?? emptyPolicy('purchase_order')

const labels = { name: 'name', rules: 'rules', tolerance_amount: 'tolerance_amount', tolerance_percent: 'tolerance_percent', remind_days: 'remind', escalate_days: 'escalate', expire_days: 'expire' } as const

/** A rule in one line: the amounts, for what, and who is asked, level by level. */
function ruleWords({ min_amount, max_amount, department_id, category_id, location_id, levels, escalate_to }: RuleDraft, t: TFunction<'policies'>): string {
  const asked = levels.map(({ mode, n, user_ids, roles }) => `${mode === 'n_of_m' ? n : t(`mode.${mode as 'any'}`)}: ${[...user_ids.map(({ name }) => name), ...roles.map((role) => t(`shell:role.${role as 'admin'}`))].join(', ')}`)
  return [`${min_amount || '0'} – ${max_amount || '∞'}`, ...[department_id, category_id, location_id].map(inWords).filter(Boolean), ...asked, inWords(escalate_to)].filter(Boolean).join(' · ')
}

function Form({ read }: { read?: Answered<Stored> }) {
  const { t } = useTranslation('policies')
  const navigate = useNavigate()
  const may = useMay()
  const { currency } = usePlace()
  const formId = useId()
  const { form, base, take, begin } = useStored(read, valuesOf)
  const stored = base?.data.policy
  const out = Boolean(stored?.archived_at)
  const writes = may('approval_policies.write') && !out
  const save = useCommand(
    ({ values, from }: { values: PolicyDraft; from?: Answered<Stored> }, key: string) =>
      from
        ? answered(api.PATCH('/v1/approval-policies/{id}', { params: { path: { id: from.data.policy.id }, header: { 'If-Match': from.etag ?? '' } }, body: bodyOf(values, currency) as never }))
        : answered(api.POST('/v1/approval-policies', { params: { header: { 'Idempotency-Key': key } }, body: { ...bodyOf(values, currency), subject: values.subject as SubjectType } })),
    {
      refresh: ['approval-policies'],
      done: (saved, { values }) => (stored ? take({ data: { policy: saved.data, draft: values }, etag: saved.etag }, values) : void navigate({ to: '/admin/approval-policies/$policyId', params: { policyId: saved.data.id }, ignoreBlocker: true })),
    },
  )
  const turn = useCommand(
    (path: '/v1/approval-policies/{id}/archive' | '/v1/approval-policies/{id}/restore', key: string) => answered(api.POST(path, { params: { path: { id: stored?.id ?? '' }, header: { 'Idempotency-Key': key } } })),
    { refresh: ['approval-policies'], done: (saved) => base && take({ data: { policy: saved.data, draft: base.data.draft }, etag: saved.etag }) },
  )
  useUnsaved(form.dirty && !save.isPending)
  // One after the other, each with the version that the one before made.
  const busy = save.isPending || turn.isPending
  const begun = valuesOf(base?.data)
  const stale = useStale({
    form,
    begun,
    save,
    begin,
    read: async () => storedOf(await queries.fetchQuery({ ...policyQuery(stored?.id ?? ''), staleTime: 0 })),
    valuesOf: (now) => now.data.draft,
    changedAt: (now) => now.data.policy.updated_at,
    label: (name) => (name === 'subject' ? t('about') : t(labels[name])),
    said: (name, values) => (name === 'rules' ? values.rules.map((rule) => ruleWords(rule, t)).join('; ') : undefined),
    // The keys of what was read twice differ.
    meant: (value, name) => (name === 'rules' ? rulesOf({ rules: value as PolicyDraft['rules'] }, currency) : value),
  })
  const send = () => !busy && stale.put(form.values, base)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (form.dirty || !stored) send()
  }
  const run = () => !busy && turn.mutate(out ? '/v1/approval-policies/{id}/restore' : '/v1/approval-policies/{id}/archive')
  const title = stored ? stored.name || t(`approvals:subject.${stored.subject}`) : t('new')
  return (
    <section aria-label={title}>
      <PageTitle
        title={title}
        badges={out ? <span className={stock.chip}>{t('archived')}</span> : null}
        note={form.dirty ? t('common:not_saved') : undefined}
        actions={
          stored ? (
            may('approval_policies.write') ? (
              <CommandMenu commands={[{ name: 'archive', label: t(out ? 'restore' : 'archive'), icon: out ? <IconRestore {...icon} /> : <IconArchive {...icon} />, danger: !out, run }]} />
            ) : null
          ) : (
            <Button onClick={() => void navigate({ to: '/admin/approval-policies' })}>{t('common:cancel')}</Button>
          )
        }
        main={
          writes ? (
            <Button type="submit" form={formId} variant="filled" loading={save.isPending} aria-disabled={stored && !form.dirty ? true : undefined}>
              {t(stored ? 'common:save' : 'create')}
            </Button>
          ) : null
        }
      />
      <div className={classes.page}>
        <form id={formId} className={classes.form} onSubmit={submit} noValidate>
          <CommandProblem error={turn.error} again={run} />
          {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
          <fieldset className={classes.form} disabled={!writes}>
            <legend className="ms-hidden">{title}</legend>
            <div className={classes.pair}>
              <TextField form={form} name="name" label={t('name')} maxLength={300} />
              {stored ? null : <SelectField form={form} name="subject" label={t('about')} choices={subjectTypes.map((value) => ({ value, label: t(`approvals:subject.${value}`) }))} />}
            </div>
            <RuleFields form={form} writes={writes} />
            <Terms form={form} />
          </fieldset>
        </form>
        <Try draft={form.values} />
      </div>
    </section>
  )
}

function Terms({ form }: { form: Fields<PolicyDraft> }) {
  const { t } = useTranslation('policies')
  const { currency } = usePlace()
  return (
    <fieldset className={classes.rule}>
      <legend>{t('terms')}</legend>
      <div className={classes.pair}>
        <DecimalField form={form} name="remind_days" label={t('remind')} unit={t('days')} />
        <DecimalField form={form} name="escalate_days" label={t('escalate')} unit={t('days')} />
        <DecimalField form={form} name="expire_days" label={t('expire')} unit={t('days')} />
      </div>
      <p className={classes.quiet}>{t('tolerance.help')}</p>
      <div className={classes.pair}>
        <DecimalField form={form} name="tolerance_amount" label={t('tolerance_amount')} unit={currency} optional />
        <DecimalField form={form} name="tolerance_percent" label={t('tolerance_percent')} unit="%" optional />
      </div>
    </fieldset>
  )
}

/** Tries the rules as they stand in the form, whether they are saved or not. */
function Try({ draft }: { draft: PolicyDraft }) {
  const { t } = useTranslation('policies')
  const { currency } = usePlace()
  const [question, setQuestion] = useState<Question>({})
  const terms = { remind_days: Number(draft.remind_days), escalate_days: Number(draft.escalate_days), expire_days: Number(draft.expire_days) }
  return (
    <Panel title={t('try')} note={t('try.these')}>
      <Simulator question={{ ...question, of: draft.subject }} onQuestion={setQuestion} tried={{ rules: complete(draft) ? rulesOf(draft, currency) : undefined, terms }} />
    </Panel>
  )
}
