import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api, type Schemas } from '../../api/client'
import { useMay } from '../../api/me'
import { FormProblem, SelectField, TextField } from '../../kit/Fields'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { useStale } from '../../kit/useStale'
import { useStored } from '../../kit/useStored'
import { useUnsaved } from '../../kit/useUnsaved'
import { languages } from '../../i18n'
import { languageChoices } from '../profile/choices'
import classes from './Admin.module.css'

type Settings = Schemas['TenantSettings']

/** The company: its name, and what holds where nobody chose anything else. */
export function Tenant() {
  const read = useQuery({ queryKey: ['tenants', 'own'], queryFn: () => answered(api.GET('/v1/tenant')) })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Form read={read.data} />
}

const weekStarts = ['monday', 'saturday', 'sunday'] as const

const valuesOf = (settings?: Settings) => ({ name: settings?.name ?? '', locale: settings?.locale ?? '', time_zone: settings?.time_zone ?? '', week_start: (settings?.week_start ?? '') as string })
type Values = ReturnType<typeof valuesOf>

function Form({ read }: { read: Answered<Settings> }) {
  const { t } = useTranslation('tenant')
  const writes = useMay()('tenant.write')
  const { form, base = read, take, begin } = useStored(read, valuesOf)
  const settings = base.data
  const begun = valuesOf(settings)
  const save = useCommand(
    ({ values, from = base }: { values: Values; from?: Answered<Settings> }) => {
      const was = valuesOf(from.data)
      const names = Object.keys(was) as (keyof Values)[]
      const body = Object.fromEntries(names.filter((name) => values[name] !== was[name]).map((name) => [name, values[name].trim()])) as Schemas['TenantPatch']
      return answered(api.PATCH('/v1/tenant', { params: { header: { 'If-Match': from.etag ?? '' } }, body }))
    },
    { refresh: ['tenants', 'me'], done: (answer, { values }) => take(answer, values) },
  )
  useUnsaved(form.dirty && !save.isPending)
  const labels: Record<keyof Values, string> = { name: t('name'), locale: t('language'), time_zone: t('time_zone'), week_start: t('week_start') }
  const stale = useStale({
    form,
    begun,
    save,
    begin,
    read: () => answered(api.GET('/v1/tenant')),
    valuesOf: (now) => valuesOf(now.data),
    changedAt: (now) => now.data.updated_at,
    label: (name) => labels[name],
    said: (name, values) => (name === 'week_start' ? t(`week_start.${values.week_start as 'monday'}`) : name === 'locale' ? new Intl.DisplayNames([values.locale], { type: 'language' }).of(values.locale) : undefined),
  })
  const send = () => stale.put(form.values, base)
  return (
    <section className={classes.screen}>
      <PageTitle
        title={t('title')}
        note={settings.code}
        actions={form.dirty ? <span className={classes.quiet}>{t('common:not_saved')}</span> : null}
        main={
          writes ? (
            <Button variant="filled" loading={save.isPending} aria-disabled={form.dirty ? undefined : true} onClick={() => form.dirty && send()}>
              {t('common:save')}
            </Button>
          ) : null
        }
      />
      <form
        className={classes.page}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (form.dirty && !save.isPending) send()
        }}
      >
        {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
        <fieldset className={classes.form} disabled={!writes}>
          <legend className="ms-hidden">{t('title')}</legend>
          <TextField form={form} name="name" label={t('name')} maxLength={200} />
          <div className={classes.pair}>
            <SelectField form={form} name="locale" label={t('language')} help={t('language_help')} choices={languageChoices(settings.locale, languages)} />
            <SelectField form={form} name="time_zone" label={t('time_zone')} help={t('time_zone_help')} choices={[...new Set([settings.time_zone, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))} />
          </div>
          <div className={classes.pair}>
            <SelectField form={form} name="week_start" label={t('week_start')} choices={weekStarts.map((value) => ({ value, label: t(`week_start.${value}`) }))} />
            <p className={classes.quiet}>{t('currency', { currency: settings.currency })}</p>
          </div>
        </fieldset>
      </form>
    </section>
  )
}
