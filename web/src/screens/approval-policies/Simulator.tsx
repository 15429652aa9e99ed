import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { DecimalField, SelectField } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { money } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useFields } from '../../kit/useFields'
import { subjectTypes } from '../approvals/approval'
import { useLevelWords } from '../approvals/RouteSteps'
import { RefField } from '../assets/RefField'
import type { RefValue } from '../assets/refs'
import { PickField } from '../stock/PickField'
import type { Picked } from '../stock/picked'
import { people } from './people'
import classes from './Policies.module.css'
import { namedRefs } from './queries'
import { type Question, subjectOf } from './search'

type Terms = Pick<Schemas['ApprovalSimulation'], 'remind_days' | 'escalate_days' | 'expire_days'>

/** Rules that are not stored yet, to be tried instead of the policies in use. */
export interface Tried {
  /** Absent while the rules cannot be tried: somebody has still to be named. */
  rules?: Schemas['ApprovalRuleInput'][]
  terms: Terms
}

interface SimulatorProps {
  question: Question
  onQuestion: (question: Question) => void
  tried?: Tried
}

/** «What would happen with …?»: asks who would have to approve something that does not exist. Nothing is stored. */
export function Simulator(props: SimulatorProps) {
  // What is chosen in the form is known to it; only what an address names has to be read first.
  const [first] = useState(props.question)
  const refs = [first.department_id, first.category_id, first.location_id, first.requester_id]
  const named = useQuery({ queryKey: ['approval-policies', 'named', ...refs], queryFn: async () => ({ refs: await namedRefs([first]), person: first.requester_id ? (await people.byId(first.requester_id)) : null }), enabled: refs.some(Boolean), staleTime: Infinity })
  if (named.isLoading) return <Loading rows={3} />
  return <Asked {...props} refs={named.data?.refs ?? new Map()} person={named.data?.person ?? null} />
}

function Asked({ question, onQuestion, tried, refs, person }: SimulatorProps & { refs: Map<string, RefValue>; person: Picked | null }) {
  const { t } = useTranslation('policies')
  const { currency } = usePlace()
  const ref = (id: string | undefined) => (id === undefined ? null : (refs.get(id) ?? null))
  const form = useFields({
    of: subjectOf(question) as string,
    amount: question.amount ?? '',
    department_id: ref(question.department_id),
    category_id: ref(question.category_id),
    location_id: ref(question.location_id),
    requester_id: person,
  })
  const { amount, department_id, category_id, location_id, requester_id } = form.values
  const of = tried ? subjectOf(question) : form.values.of
  const [late] = useDebouncedValue(decimalOf(amount), 250)
  useEffect(() => {
    const next: Question = { of: of === 'purchase_order' ? undefined : of, amount: late || undefined, department_id: department_id?.id, category_id: category_id?.id, location_id: location_id?.id, requester_id: requester_id?.id }
    if (JSON.stringify(next) !== JSON.stringify({ of: question.of, amount: question.amount, department_id: question.department_id, category_id: question.category_id, location_id: question.location_id, requester_id: question.requester_id })) onQuestion(next)
    // The address follows what is asked, never the other way.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [of, late, department_id, category_id, location_id, requester_id])
  return (
    <>
      <div className={classes.asks}>
        {tried ? null : <SelectField form={form} name="of" label={t('about')} choices={subjectTypes.map((value) => ({ value, label: t(`approvals:subject.${value}`) }))} />}
        <DecimalField form={form} name="amount" label={t('amount')} unit={currency} />
        <RefField form={form} name="department_id" label={t('department')} kind="department" optional />
        <RefField form={form} name="category_id" label={t('category')} kind="category" optional />
        <RefField form={form} name="location_id" label={t('location')} kind="location" optional />
        <PickField form={form} name="requester_id" label={t('requester')} source={people} optional help={t('requester.help')} />
      </div>
      <Answer of={of} amount={late} ids={{ department_id: department_id?.id, category_id: category_id?.id, location_id: location_id?.id, requester_id: requester_id?.id }} tried={tried} />
    </>
  )
}

function Answer({ of, amount, ids, tried }: { of: string; amount: string; ids: Question; tried?: Tried }) {
  const { t } = useTranslation('policies')
  const { currency } = usePlace()
  const [rules] = useDebouncedValue(tried?.rules, 250)
  const body = { subject: of as Schemas['SimulateApprovalBody']['subject'], amount: { amount, currency }, ...ids, rules: tried ? rules : undefined }
  const can = /^\d+(\.\d+)?$/.test(amount) && (!tried || rules !== undefined)
  const answer = useQuery({ queryKey: ['approval-policies', 'simulated', body], queryFn: () => ok(api.POST('/v1/approval-policies/simulate', { body })), enabled: can, retry: false })
  let shown
  if (!can) shown = <p className={classes.quiet}>{t(tried && !rules ? 'try.incomplete' : 'try.amount')}</p>
  else if (answer.data) shown = <Route answer={answer.data} of={of} amount={amount} terms={tried?.terms ?? answer.data} you={!ids.requester_id} />
  else if (answer.error instanceof Problem && answer.error.body.errors?.length) shown = answer.error.body.errors.map(({ pointer, detail }) => <p key={`${pointer} ${detail}`} className={classes.fault}>{detail}</p>)
  else if (answer.error) shown = <Failed error={answer.error} retry={() => void answer.refetch()} />
  else shown = <Loading rows={2} />
  return (
    <div className={classes.answer} role="status">
      {shown}
    </div>
  )
}

function Route({ answer, of, amount, terms, you }: { answer: Schemas['ApprovalSimulation']; of: string; amount: string; terms: Terms; you: boolean }) {
  const { t } = useTranslation('policies')
  const { locale, currency } = usePlace()
  const levelWords = useLevelWords()
  const what = { amount: money({ amount, currency }, locale), subject: t(`approvals:subject.${of as 'work_order'}`) }
  const names = (people: Schemas['Person'][] | null) => (people ?? []).map(({ name }) => name).join(', ')
  if (answer.problem) {
    return (
      <>
        <p className={classes.fault}>{t('try.stuck', what)}</p>
        <p>{answer.problem}</p>
      </>
    )
  }
  if (!answer.needed) return <p>{t('try.free', what)}</p>
  return (
    <>
      <p>{t('try.needed', what)}</p>
      <ol className={classes.levels}>
        {(answer.levels ?? []).map((level, at) => (
          <li key={at}>
            <b>{names(level.people)}</b>
            <span className={classes.quiet}>{levelWords(level)}</span>
          </li>
        ))}
      </ol>
      <p className={classes.quiet}>
        {t('try.remind', { count: terms.remind_days ?? 0 })} {t('try.escalate', { count: terms.escalate_days ?? 0, who: names(answer.escalate_to) || t('try.administrators') })} {t('try.expire', { count: terms.expire_days ?? 0 })}
      </p>
      {you ? <p className={classes.quiet}>{t('try.you')}</p> : null}
      {answer.policy_ids && answer.policy_ids.length > 0 ? <By ids={answer.policy_ids} /> : null}
    </>
  )
}

/** The policies that demand it. */
function By({ ids }: { ids: string[] }) {
  const { t } = useTranslation('policies')
  const read = useQuery({ queryKey: ['approval-policies', 'by', ids], queryFn: () => Promise.all(ids.map((id) => ok(api.GET('/v1/approval-policies/{id}', { params: { path: { id } } })))) })
  return (
    <ul className={classes.by} aria-label={t('try.by')}>
      {read.data?.map((policy) => (
        <li key={policy.id}>
          <Link to="/admin/approval-policies/$policyId" params={{ policyId: policy.id }}>
            {policy.name || t(`approvals:subject.${policy.subject}`)}
          </Link>
        </li>
      ))}
    </ul>
  )
}
