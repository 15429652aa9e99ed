import { ActionIcon, Textarea } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../api/me'
import { CommandProblem } from './CommandProblem'
import classes from './Composer.module.css'
import { PhotoButton } from './PhotoButton'
import type { FileSubject } from './sendFile'
import { useCommand } from './useCommand'
import { useShortcut } from './useShortcut'

interface ComposerProps {
  /** What is commented on; files are added to it. */
  subject: FileSubject
  post: (text: string, key: string) => Promise<unknown>
  /** The noun whose lists change. */
  refresh: string
}

/** Writes a comment: m leads to it, Ctrl Enter sends it. Beside it files are added. */
export function Composer({ subject, post, refresh }: ComposerProps) {
  const { t } = useTranslation('timeline')
  const may = useMay()
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  useShortcut('m', () => field.current?.focus())
  const send = useCommand((body: { text: string }, key) => post(body.text, key), { refresh: [refresh], done: () => setText('') })
  const submit = () => {
    if (text.trim() && !send.isPending) send.mutate({ text: text.trim() })
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }
  return (
    <div className={classes.composer}>
      <CommandProblem error={send.error} again={submit} />
      <div className={classes.box}>
        <Textarea
          ref={field}
          variant="unstyled"
          className={classes.text}
          autosize
          minRows={1}
          maxRows={6}
          aria-label={t('comment')}
          placeholder={t('comment')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {may('attachments.write') ? <PhotoButton subject={subject} /> : null}
        <ActionIcon aria-label={t('send')} aria-disabled={!text.trim()} loading={send.isPending} onClick={submit}>
          <IconSend size={16} stroke={1.75} />
        </ActionIcon>
      </div>
    </div>
  )
}
