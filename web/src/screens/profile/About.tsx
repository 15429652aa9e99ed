import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api } from '../../api/client'
import { type Me, meQuery } from '../../api/me'
import { queries } from '../../api/query'
import { languages, speak } from '../../i18n'
import { CommandProblem } from '../../kit/CommandProblem'
import { SelectField, TextField } from '../../kit/Fields'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { useStored } from '../../kit/useStored'
import classes from './Profile.module.css'
import { languageChoices } from './choices'

/** Name, language and time zone. Words change with the language as soon as it is saved. */
export function About() {
  const { t } = useTranslation('profile')
  const read = useQuery({ queryKey: ['me', 'version'], queryFn: () => answered(api.GET('/v1/me')) })
  return (
    <Panel title={t('about')}>
      {read.isPending ? <Loading rows={3} /> : read.isError ? <Failed error={read.error} retry={() => void read.refetch()} /> : <AboutForm read={read.data} />}
    </Panel>
  )
}

const valuesOf = (me?: Me) => ({ name: me?.name ?? '', locale: me?.locale ?? '', time_zone: me?.time_zone ?? '' })

function AboutForm({ read }: { read: Answered<Me> }) {
  const { t } = useTranslation('profile')
  const { t: common } = useTranslation()
  const { form, base = read, take } = useStored(read, valuesOf)
  const me = base.data
  const save = useCommand((body: typeof form.values) => answered(api.PATCH('/v1/me', { params: { header: { 'If-Match': base.etag ?? '' } }, body })), {
    done: (changed, sent) => {
      take(changed, sent)
      queries.setQueryData(meQuery.queryKey, changed.data)
      void queries.invalidateQueries({ queryKey: ['me'] })
      void speak(changed.data.locale.slice(0, 2))
    },
  })
  const send = () => !save.isPending && save.mutate(form.values, { onError: form.refuse })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      {form.above.map((sentence) => (
        <p key={sentence} role="alert">
          {sentence}
        </p>
      ))}
      {Object.values(form.faults).some(Boolean) ? null : <CommandProblem error={save.error} again={send} />}
      <TextField form={form} name="name" label={t('name')} maxLength={200} />
      <SelectField form={form} name="locale" label={t('language')} help={t('language_help')} choices={languageChoices(me.locale, languages)} />
      <SelectField form={form} name="time_zone" label={t('time_zone')} help={t('time_zone_help')} choices={[...new Set([me.time_zone, ...Intl.supportedValuesOf('timeZone')])].filter(Boolean).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))} />
      {form.dirty ? (
        <div className={classes.actions}>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {common('save')}
          </Button>
          <span className={classes.unsaved}>{common('not_saved')}</span>
        </div>
      ) : null}
    </form>
  )
}
