import { Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { IconAlertCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFirstDay, usePlace } from '../api/me'
import { CommandProblem } from './CommandProblem'
import classes from './Fields.module.css'
import { decimalOf } from './faults'
import { dayText } from './figures'
import type { Fields } from './useFields'
import { usePhone } from './usePhone'

export interface FieldProps<Values extends object, Name extends keyof Values & string> {
  form: Fields<Values>
  /** The path in the request, so that the server's sentence finds its field: `title`, `failure.mode`. */
  name: Name
  label: string
  optional?: boolean
  help?: ReactNode
  autoFocus?: boolean
}

/** What all fields share: label above, help and error below, «optional» in words. */
export function useFieldProps<Values extends object, Name extends keyof Values & string>({ form, name, label, optional, help, autoFocus }: FieldProps<Values, Name>) {
  const { t } = useTranslation()
  form.knows(name)
  const fault = form.faults[name]
  return {
    id: form.idOf(name),
    label: (
      <>
        {label}
        {optional ? <span className={classes.optional}> {t('optional')}</span> : null}
      </>
    ),
    description: help,
    error: fault ? (
      <span className={classes.error}>
        <IconAlertCircle size={14} stroke={1.75} />
        {fault}
      </span>
    ) : undefined,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    // Mantine gives the focus of a dialog to this.
    'data-autofocus': autoFocus || undefined,
  }
}

/** One line of text. */
export function TextField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { maxLength?: number; unit?: string }) {
  const { form, name, maxLength, unit } = props
  return (
    <TextInput
      {...useFieldProps(props)}
      maxLength={maxLength}
      rightSection={unit ? <span className={classes.unit}>{unit}</span> : undefined}
      rightSectionWidth={unit ? `calc(${unit.length}ch + 24px)` : undefined}
      value={form.values[name] as string}
      onChange={(event) => form.set(name, event.currentTarget.value as V[N])}
    />
  )
}

/** Several lines of text; grows with them. */
export function AreaField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { rows?: number }) {
  const { form, name, rows = 3 } = props
  return <Textarea {...useFieldProps(props)} autosize minRows={rows} maxRows={12} value={form.values[name] as string} onChange={(event) => form.set(name, event.currentTarget.value as V[N])} />
}

/** A quantity or amount as a decimal string, its unit or currency inside the field at the right. */
export function DecimalField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { unit: string; width?: number }) {
  const { form, name, unit, width = 180 } = props
  return (
    <TextInput
      {...useFieldProps(props)}
      inputMode="decimal"
      autoComplete="off"
      styles={{ wrapper: { maxWidth: width } }}
      rightSection={<span className={classes.unit}>{unit}</span>}
      rightSectionWidth={`calc(${unit.length}ch + 24px)`}
      rightSectionPointerEvents="none"
      value={form.values[name] as string}
      onChange={(event) => form.set(name, event.currentTarget.value as V[N])}
      onBlur={(event) => form.set(name, decimalOf(event.currentTarget.value) as V[N])}
    />
  )
}

export interface Choice {
  value: string
  label: string
}

/** One of many, searched by typing. An optional one can be cleared. */
export function SelectField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { choices: Choice[] }) {
  const { form, name, choices, optional } = props
  const { t } = useTranslation('fields')
  return (
    <Select
      {...useFieldProps(props)}
      data={choices}
      searchable={choices.length > 8}
      clearable={optional}
      clearButtonProps={{ 'aria-label': t('clear') }}
      nothingFoundMessage={t('nothing_found')}
      value={(form.values[name] as string) || null}
      onChange={(value) => form.set(name, (value ?? '') as V[N])}
    />
  )
}

/** One of few, all in sight: each a button that stays pressed. */
export function ChoiceField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { choices: (Choice & { icon?: ReactNode })[] }) {
  const { form, name, choices } = props
  const { id, label, description, error } = useFieldProps(props)
  return (
    <fieldset className={classes.choices} aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{label}</legend>
      <div>
        {choices.map((choice, at) => (
          <label key={choice.value}>
            <input id={at === 0 ? id : undefined} type="radio" name={id} value={choice.value} checked={form.values[name] === choice.value} onChange={() => form.set(name, choice.value as V[N])} />
            <span>
              {choice.icon}
              {choice.label}
            </span>
          </label>
        ))}
      </div>
      {description ? <p className={classes.help}>{description}</p> : null}
      {error ? (
        <p id={`${id}-error`} className={classes.fault}>
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}

/** A calendar day, typed or picked, as the API writes it; the phone's own picker on the phone. */
export function DateField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { min?: string }) {
  const { form, name, min, optional } = props
  const { t } = useTranslation('fields')
  const { locale } = usePlace()
  const phone = usePhone()
  const firstDay = useFirstDay()
  const field = useFieldProps(props)
  const value = form.values[name] as string
  if (phone) return <TextInput {...field} type="date" min={min} value={value} onChange={(event) => form.set(name, event.currentTarget.value as V[N])} />
  const words = { month: t('date.month'), next: t('date.next'), previous: t('date.previous') }
  return (
    <DateInput
      {...field}
      styles={{ wrapper: { maxWidth: 220 } }}
      value={value || null}
      minDate={min}
      clearable={optional}
      clearButtonProps={{ 'aria-label': t('clear') }}
      valueFormat={(day) => dayText(day.slice(0, 10), locale, { weekday: true, year: true })}
      firstDayOfWeek={firstDay}
      ariaLabels={{ monthLevelControl: words.month, nextMonth: words.next, previousMonth: words.previous }}
      onChange={(day) => form.set(name, (day ?? '') as V[N])}
    />
  )
}

/** Yes or no, said in a sentence. */
export function CheckField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name } = props
  const { id, label, description, error } = useFieldProps(props)
  return <Checkbox id={id} label={label} description={description} error={error} checked={Boolean(form.values[name])} onChange={(event) => form.set(name, event.currentTarget.checked as V[N])} />
}

/** What of a refusal belongs to no field, above the form; with «try again» where that is safe. */
export function FormProblem<V extends object>({ form, error, again }: { form: Fields<V>; error: Error | null; again?: () => void }) {
  if (!error) return null
  if (form.above.length > 0) return <CommandProblem error={new Error(form.above.join(' '))} />
  if (Object.values(form.faults).some(Boolean)) return null
  return <CommandProblem error={error} again={again} form />
}
