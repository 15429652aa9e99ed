import { NativeSelect, Select, Slider, TextInput } from '@mantine/core'
import { IconSitemap } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { PlacePicker } from '../../kit/PlacePicker'
import { movedBy } from './dates'
import { DayInput } from './DayInput'
import { type Draft, decimal } from './draft'
import type { Faults } from './Editor'
import classes from './EditorFields.module.css'
import { jobPlansQuery } from './queries'
import { When } from './When'

interface FieldsProps {
  draft: Draft
  change: (draft: Draft) => void
  faults: Faults
  /** Days between two dates, for what a tolerance comes to. */
  cycle: number | undefined
  /** What is stored stays at its asset. */
  stored: boolean
}

// The example has to lie beyond the tolerance, or it says nothing.
const exampleLate = (tolerated: number) => (tolerated >= 14 ? tolerated + 14 : 14)

/** All fields of a schedule, in the order in which people think of it. */
export function EditorFields({ draft, change, faults, cycle, stored }: FieldsProps) {
  const { t } = useTranslation('schedules')
  const { currency } = usePlace()
  const set = <Name extends keyof Draft>(name: Name, value: Draft[Name]) => change({ ...draft, [name]: value })
  const tolerated = cycle === undefined ? undefined : Math.floor((cycle * (Number(decimal(draft.tolerance)) || 0)) / 100)
  return (
    <>
      <fieldset className={classes.group}>
        <legend>{t('editor.what')}</legend>
        <TextInput aria-label={t('editor.title')} placeholder={t('editor.title')} data-field="title" maxLength={300} value={draft.title} error={faults.title} onChange={(event) => set('title', event.currentTarget.value)} />
        <div className={classes.pair}>
          {stored && draft.place ? (
            <p className={classes.fixed}>
              <Code>{draft.place.code}</Code> {draft.place.name}
            </p>
          ) : (
            <PlacePicker
              aria-label={t('editor.place')}
              placeholder={t('editor.place')}
              data-field="place"
              leftSection={<IconSitemap size={16} stroke={1.75} />}
              clearable
              value={draft.place}
              error={faults.place}
              onChange={(place) => change({ ...draft, place, meter: null })}
            />
          )}
          <JobPlan draft={draft} change={change} error={faults.jobPlan} />
        </div>
      </fieldset>
      <When draft={draft} change={change} faults={faults} />
      <Late draft={draft} change={change} tolerated={tolerated ?? 0} />
      <div className={classes.grid}>
        <Field label={t('editor.lead')} unit={t('editor.lead_unit')} error={faults.lead}>
          {(id) => <TextInput id={id} data-field="lead" inputMode="numeric" w={64} value={draft.lead} onChange={(event) => set('lead', event.currentTarget.value.replace(/\D/g, ''))} />}
        </Field>
        <Field label={t('editor.tolerance')} unit={tolerated === undefined ? t('editor.tolerance_unit') : t('editor.tolerance_days', { count: tolerated })} error={faults.tolerance}>
          {(id) => <TextInput id={id} data-field="tolerance" inputMode="numeric" w={72} value={draft.tolerance} rightSection="%" rightSectionPointerEvents="none" onChange={(event) => set('tolerance', event.currentTarget.value.replace(/\D/g, ''))} />}
        </Field>
        <Field label={t('editor.missed')}>
          {(id) => (
            <NativeSelect id={id} value={draft.catchUp} onChange={(event) => set('catchUp', event.currentTarget.value as Draft['catchUp'])} data={(['one', 'all', 'skip'] as const).map((value) => ({ value, label: t(`editor.missed_${value}`) }))} />
          )}
        </Field>
        <Field label={t('editor.last_done')} optional error={faults.lastDone}>
          {(id) => <DayInput id={id} field="lastDone" clearable value={draft.lastDone} onChange={(value) => set('lastDone', value)} />}
        </Field>
        <Field label={t('editor.priority')}>
          {(id) => (
            <NativeSelect id={id} w={150} value={draft.priority} onChange={(event) => set('priority', event.currentTarget.value)} data={['low', 'medium', 'high', 'critical'].map((value) => ({ value, label: t(`states:priority.${value}`) }))} />
          )}
        </Field>
        <Field label={t('editor.cost')} optional error={faults.cost}>
          {(id) => <TextInput id={id} data-field="cost" inputMode="decimal" w={150} value={draft.cost} rightSection={currency} rightSectionWidth={48} rightSectionPointerEvents="none" onChange={(event) => set('cost', event.currentTarget.value)} />}
        </Field>
        <Field label={t('editor.hours')} optional error={faults.hours}>
          {(id) => <TextInput id={id} data-field="hours" inputMode="decimal" w={100} value={draft.hours} rightSection="h" rightSectionPointerEvents="none" onChange={(event) => set('hours', event.currentTarget.value)} />}
        </Field>
      </div>
    </>
  )
}

function Field({ label, unit, optional = false, error, children }: { label: string; unit?: string; optional?: boolean; error?: string; children: (id: string) => ReactNode }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={classes.field}>
      <label htmlFor={id}>
        {label}
        {optional ? <span className={classes.optional}> {t('optional')}</span> : null}
      </label>
      <div className={classes.line}>
        {children(id)}
        {unit ? <span className={classes.unit}>{unit}</span> : null}
      </div>
      {error ? <p className={classes.error}>{error}</p> : null}
    </div>
  )
}

function JobPlan({ draft, change, error }: { draft: Draft; change: (draft: Draft) => void; error?: string }) {
  const { t } = useTranslation('schedules')
  const may = useMay()
  const plans = useQuery({ ...jobPlansQuery, enabled: may('job_plans.read') })
  if (!may('job_plans.read')) return null
  const data = (plans.data ?? []).map(({ id, name, steps }) => ({ value: id, label: steps?.length ? t('editor.job_plan_of', { name, steps: t('editor.steps', { count: steps.length }) }) : name }))
  return (
    <Select
      aria-label={t('editor.job_plan')}
      placeholder={`${t('editor.job_plan')} (${t('common:optional')})`}
      data-field="jobPlan"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('editor.no_job_plan') }}
      data={data}
      error={error}
      value={draft.jobPlan || null}
      onChange={(id) => {
        const plan = plans.data?.find((one) => one.id === id)
        // The plan knows how long its work takes; what was typed stays.
        change({ ...draft, jobPlan: id ?? '', hours: draft.hours || plan?.planned_hours || '' })
      }}
    />
  )
}

function Late({ draft, change, tolerated }: { draft: Draft; change: (draft: Draft) => void; tolerated: number }) {
  const { t } = useTranslation('schedules')
  const id = useId()
  const late = exampleLate(tolerated)
  const moves = movedBy(late, draft.shift, tolerated)
  const values = { percent: draft.shift, late }
  return (
    <fieldset className={classes.group}>
      <legend id={id}>{t('editor.late')}</legend>
      <div className={classes.late}>
        <span>{t('editor.late_fixed')}</span>
        <Slider
          size={4}
          thumbLabel={t('editor.late')}
          thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': `${draft.shift} %` }}
          min={0}
          max={100}
          step={5}
          label={(value) => `${value} %`}
          marks={[0, 25, 50, 75, 100].map((value) => ({ value }))}
          value={draft.shift}
          onChange={(shift) => change({ ...draft, shift })}
          classNames={{ track: classes.track, bar: classes.bar, mark: classes.mark, thumb: classes.thumb }}
        />
        <span>{t('editor.late_floating')}</span>
      </div>
      <p className={classes.help}>{draft.shift === 0 ? t('editor.late_none', values) : t('editor.late_moves', { ...values, count: moves })}</p>
    </fieldset>
  )
}
