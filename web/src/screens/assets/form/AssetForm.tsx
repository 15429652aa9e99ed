import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Sheet } from '../../../kit/Sheet'
import classes from './AssetForm.module.css'

interface FormProps {
  title: ReactNode
  /** Something was typed that is not saved. */
  dirty: boolean
  busy: boolean
  submit: string
  onSubmit: () => void
  onCancel: () => void
  children: ReactNode
}

/** A form of the plant: title with Save, fields below, Ctrl S, and a question before what was typed is lost. */
export function AssetForm({ title, dirty, busy, submit, onSubmit, onCancel, children }: FormProps) {
  const { t } = useTranslation('assets')
  const blocker = useBlocker({ shouldBlockFn: () => dirty && !busy, withResolver: true, enableBeforeUnload: () => dirty })
  const save = useRef(onSubmit)
  save.current = onSubmit
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      save.current()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])

  function send(event: FormEvent) {
    event.preventDefault()
    if (!busy) onSubmit()
  }

  return (
    <form className={classes.form} onSubmit={send} noValidate>
      <header className={classes.head}>
        <h1>{title}</h1>
        {dirty ? <span className={classes.unsaved}>{t('common:not_saved')}</span> : null}
        <div className={classes.commands} data-phone-commands>
          <Button onClick={onCancel}>{t('common:cancel')}</Button>
          <Button type="submit" variant="filled" loading={busy} className={classes.main}>
            {submit}
          </Button>
        </div>
      </header>
      <div className={classes.fields}>{children}</div>
      {blocker.status === 'blocked' ? (
        <Sheet title={t('form.leave')} onClose={blocker.reset} submit={t('form.leave_do')} onSubmit={blocker.proceed} danger>
          <p className={classes.words}>{t('form.leave_help')}</p>
        </Sheet>
      ) : null}
    </form>
  )
}
