import { Button, MultiSelect, Progress } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../../api/client'
import { queries } from '../../../api/query'
import { usePlace } from '../../../api/me'
import { Code } from '../../../kit/Code'
import { DateField, SelectField, TextField } from '../../../kit/Fields'
import { quantity } from '../../../kit/figures'
import { Sheet } from '../../../kit/Sheet'
import { type Fields, useFields } from '../../../kit/useFields'
import { type AssetValues, noValues } from '../form/values'
import { type Asset, assetQuery } from '../queries'
import { RefField } from '../RefField'
import classes from './BulkEdit.module.css'
import { type BulkField, bulkFields, type Outcome, type PlannedChange, plannedChanges, sendChanges } from './bulkEdit'

interface BulkEditProps {
  /** The selected assets. */
  assets: Asset[]
  onClose: () => void
  /** Those that were not changed stay selected. */
  onSelected: (ids: Set<string>) => void
}

/** Changes the same fields of many assets: shows what each becomes before it is sent, and what became of each. */
export function BulkEdit({ assets, onClose, onSelected }: BulkEditProps) {
  const { t } = useTranslation('assets')
  const form = useFields<AssetValues>(noValues)
  const [chosen, setChosen] = useState<BulkField[]>([])
  const run = useRun(assets)
  const planned = plannedChanges(run.left, chosen, form.values)
  const changes = planned.filter(({ fields }) => fields.length > 0)
  const over = run.state === 'over'

  function close() {
    run.stop()
    if (over) onSelected(new Set(run.left.map(({ id }) => id)))
    onClose()
  }
  return (
    <Sheet
      wide
      title={t('bulk.title', { count: assets.length })}
      submit={run.state === 'asking' && changes.length > 0 ? t('bulk.submit', { count: changes.length }) : undefined}
      onSubmit={() => void run.send(changes)}
      onClose={close}
    >
      {run.state === 'asking' ? (
        <>
          <MultiSelect
            label={t('bulk.fields')}
            searchable
            hidePickedOptions
            nothingFoundMessage={t('fields:nothing_found')}
            clearButtonProps={{ 'aria-label': t('fields:clear') }}
            data={bulkFields.map((value) => ({ value, label: t(`label.${value}`) }))}
            value={chosen}
            onChange={(fields) => setChosen(fields as BulkField[])}
            data-autofocus
          />
          {chosen.map((field) => (
            <Field key={field} form={form} field={field} />
          ))}
          {chosen.length > 0 ? <Preview planned={planned} /> : null}
        </>
      ) : (
        <Progressing run={run} />
      )}
    </Sheet>
  )
}

function Field({ form, field }: { form: Fields<AssetValues>; field: BulkField }) {
  const { t } = useTranslation('assets')
  const label = t(`label.${field}`)
  switch (field) {
    case 'criticality':
      return <SelectField form={form} name={field} label={label} optional choices={['A', 'B', 'C'].map((value) => ({ value, label: value }))} />
    case 'category_id':
      return <RefField form={form} name={field} label={label} kind="category" />
    case 'department_id':
      return <RefField form={form} name={field} label={label} kind="department" optional />
    case 'cost_center_id':
      return <RefField form={form} name={field} label={label} kind="cost_center" optional />
    case 'manufacturer':
    case 'model':
      return <TextField form={form} name={field} label={label} optional maxLength={300} />
    case 'installed_on':
    case 'warranty_until':
      return <DateField form={form} name={field} label={label} optional />
  }
}

const mostShown = 200

/** Asset by asset what is and what it becomes; those that stay as they are come last, in one line. */
function Preview({ planned }: { planned: PlannedChange[] }) {
  const { t } = useTranslation('assets')
  const { locale } = usePlace()
  const changes = planned.filter(({ fields }) => fields.length > 0)
  const same = planned.filter(({ fields }) => fields.length === 0)
  return (
    <section className={classes.preview} aria-label={t('bulk.preview')}>
      <p role="status">{t('bulk.changes', { count: changes.length, figure: quantity(changes.length, locale), of: quantity(planned.length, locale) })}</p>
      {changes.length > 0 ? (
        <ul tabIndex={0} aria-label={t('bulk.preview')}>
          {changes.slice(0, mostShown).map(({ asset, fields }) => (
            <li key={asset.id}>
              <span className={classes.asset}>
                <Code>{asset.code}</Code> {asset.name}
              </span>
              {fields.map(({ name, was, becomes }) => (
                <span key={name} className={classes.change}>
                  {t(`label.${name}`)}: <s>{was || t('bulk.nothing')}</s> <b>{becomes || t('bulk.nothing')}</b>
                </span>
              ))}
            </li>
          ))}
          {changes.length > mostShown ? <li>{t('bulk.more', { count: changes.length - mostShown, figure: quantity(changes.length - mostShown, locale) })}</li> : null}
        </ul>
      ) : null}
      {same.length > 0 ? (
        <p className={classes.same}>
          {t('bulk.same', { count: same.length, figure: quantity(same.length, locale) })} {same.slice(0, 5).map(({ asset }) => asset.code).join(', ')}
          {same.length > 5 ? ' …' : ''}
        </p>
      ) : null}
    </section>
  )
}

type Run = ReturnType<typeof useRun>

/** The sending of a set of changes, and of what is left of them again. */
function useRun(assets: Asset[]) {
  const [state, setState] = useState<'asking' | 'sending' | 'over'>('asking')
  const [left, setLeft] = useState(assets)
  const [sent, setSent] = useState<Asset[]>([])
  const [outcomes, setOutcomes] = useState<Record<string, Outcome>>({})
  const stopped = useRef(false)
  const stop = () => {
    stopped.current = true
  }
  useEffect(() => stop, [])

  async function send(changes: PlannedChange[]) {
    stopped.current = false
    const known: Record<string, Outcome> = {}
    setSent(changes.map(({ asset }) => asset))
    setOutcomes({})
    setState('sending')
    await sendChanges(
      changes,
      ({ asset, body }) => ok(api.PATCH('/v1/assets/{id}', { params: { path: { id: asset.id }, header: { 'If-Match': `"${asset.version}"` } }, body })).then((): Outcome => ({ state: 'done' }), outcomeOf),
      (id, outcome) => {
        known[id] = outcome
        setOutcomes({ ...known })
      },
      () => stopped.current,
    )
    setLeft(changes.map(({ asset }) => asset).filter(({ id }) => known[id]?.state !== 'done'))
    setState('over')
    await queries.invalidateQueries({ queryKey: ['assets'] })
  }

  /** Reads anew what is left and asks again what each becomes. */
  async function again() {
    const now = await Promise.all(left.map(({ id }) => queries.fetchQuery({ ...assetQuery(id), staleTime: 0 })))
    setLeft(now)
    setState('asking')
  }
  return { state, left, sent, outcomes, send, stop, again }
}

function outcomeOf(error: unknown): Outcome {
  const why = error instanceof Error ? error.message : String(error)
  if (!(error instanceof Problem) || error.again) return { state: 'unknown', why }
  return error.status === 412 ? { state: 'stale' } : { state: 'refused', why: Object.values(error.fields).join(' ') || why }
}

/** How far it is, and then what was not changed and why. */
function Progressing({ run }: { run: Run }) {
  const { t } = useTranslation('assets')
  const { locale } = usePlace()
  const n = (figure: number) => quantity(figure, locale)
  const outcomes = Object.values(run.outcomes)
  const done = outcomes.filter(({ state }) => state === 'done').length
  const why = (id: string) => {
    const outcome = run.outcomes[id]
    if (!outcome) return t('bulk.not_sent')
    return outcome.state === 'stale' ? t('bulk.stale') : outcome.state === 'done' ? '' : outcome.why
  }
  if (run.state === 'sending') {
    return (
      <>
        <p role="status">{t('bulk.sending', { done: n(outcomes.length), of: n(run.sent.length) })}</p>
        <Progress.Root size={6}>
          <Progress.Section value={(100 * outcomes.length) / run.sent.length} color="var(--ms-moving-solid)" aria-label={t('bulk.progress')} />
        </Progress.Root>
        <div>
          <Button onClick={run.stop}>{t('bulk.stop')}</Button>
        </div>
      </>
    )
  }
  return (
    <section className={classes.preview} aria-label={t('bulk.result')}>
      <p role="status">{t('bulk.done', { count: done, figure: n(done), of: n(run.sent.length) })}</p>
      {run.left.length > 0 ? (
        <>
          <ul tabIndex={0} aria-label={t('bulk.left')}>
            {run.left.slice(0, mostShown).map((asset) => (
              <li key={asset.id}>
                <span className={classes.asset}>
                  <Code>{asset.code}</Code> {asset.name}
                </span>
                <span className={classes.change}>{why(asset.id)}</span>
              </li>
            ))}
            {run.left.length > mostShown ? <li>{t('bulk.more', { count: run.left.length - mostShown, figure: n(run.left.length - mostShown) })}</li> : null}
          </ul>
          <div>
            <Button variant="filled" onClick={() => void run.again()}>
              {t('bulk.again', { count: run.left.length })}
            </Button>
          </div>
        </>
      ) : null}
    </section>
  )
}
