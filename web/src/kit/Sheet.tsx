import { Button, Drawer, Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Sheet.module.css'
import { useAlone } from './useAlone'
import { usePhone } from './usePhone'

interface SheetProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Verb and object of what the sheet does; without it there is nothing to send. */
  submit?: string
  onSubmit?: () => void
  busy?: boolean
  /** What cannot be undone: red words on a quiet button. */
  danger?: boolean
  /** Holds a table of what it does. */
  wide?: boolean
}

/** Asks for what a command needs: a dialog at the desk, from below on the phone. Enter in a field sends it. */
export function Sheet({ title, onClose, children, submit, onSubmit, busy = false, danger = false, wide = false }: SheetProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  const form = useId()
  useAlone(true)
  const send = (event: FormEvent) => {
    event.preventDefault()
    // A sheet stands inside other forms of the page as React sees it.
    event.stopPropagation()
    if (!busy) onSubmit?.()
  }
  const body = (
    <form id={form} onSubmit={send} className={classes.body} noValidate>
      {children}
      <div className={classes.actions}>
        {submit ? (
          <Button type="submit" variant="filled" color={danger ? 'red' : 'ink'} loading={busy} data-main={danger ? undefined : true}>
            {submit}
          </Button>
        ) : null}
        <Button onClick={onClose}>{t(submit ? 'cancel' : 'close')}</Button>
      </div>
    </form>
  )
  const common = { opened: true, onClose, title, closeButtonProps: { 'aria-label': t('close') }, classNames: { title: classes.title } }
  if (phone) {
    return (
      <Drawer {...common} position="bottom" size="auto" radius="xl" classNames={{ ...common.classNames, content: classes.drawer }}>
        {body}
      </Drawer>
    )
  }
  return (
    <Modal {...common} centered size={wide ? 640 : 460}>
      {body}
    </Modal>
  )
}
