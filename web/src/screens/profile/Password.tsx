import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../api/client'
import { CommandProblem } from '../../kit/CommandProblem'
import { type FieldProps, useFieldProps } from '../../kit/Fields'
import { Panel } from '../../kit/Panel'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import classes from './Profile.module.css'

type Values = { current_password: string; new_password: string }

function PasswordField(props: FieldProps<Values, keyof Values> & { kind: 'current-password' | 'new-password' }) {
  const { form, name, kind } = props
  const { t } = useTranslation()
  return <PasswordInput {...useFieldProps(props)} autoComplete={kind} visibilityToggleButtonProps={{ 'aria-label': t('password.show') }} value={form.values[name]} onChange={(event) => form.set(name, event.currentTarget.value)} />
}

/** A new password; the other sign-ins end with it. */
export function Password() {
  const { t } = useTranslation('profile')
  const [changed, setChanged] = useState(false)
  const form = useFields<Values>({ current_password: '', new_password: '' })
  const change = useCommand((body: Values, key: string) => ok(api.POST('/v1/me/password', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: ['sessions'],
    done: () => {
      form.reset({ current_password: '', new_password: '' })
      setChanged(true)
    },
  })
  const placed = change.error instanceof Problem && (change.error.body.errors?.length ?? 0) > 0
  const send = () => change.mutate(form.values, { onError: form.refuse })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChanged(false)
    send()
  }
  return (
    <Panel title={t('password')} note={t('password_note')}>
      <form className={classes.form} onSubmit={submit}>
        {form.above.map((sentence) => (
          <p key={sentence} role="alert">
            {sentence}
          </p>
        ))}
        {placed ? null : <CommandProblem error={change.error} again={send} />}
        <PasswordField form={form} name="current_password" label={t('password.current')} kind="current-password" />
        <PasswordField form={form} name="new_password" label={t('password.new')} kind="new-password" />
        <div className={classes.actions}>
          <Button type="submit" loading={change.isPending}>
            {t('password.change')}
          </Button>
          <span className={classes.saved} role="status">
            {changed ? t('password.changed') : null}
          </span>
        </div>
      </form>
    </Panel>
  )
}
