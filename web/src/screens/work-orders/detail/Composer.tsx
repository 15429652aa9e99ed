import { ActionIcon, Textarea } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../../api/client'
import { useMay } from '../../../api/me'
import { CommandProblem } from '../../../kit/CommandProblem'
import { useCommand } from '../../../kit/useCommand'
import classes from './Composer.module.css'
import { PhotoButton } from './PhotoButton'

/** Writes a comment; Ctrl Enter sends it. Beside it a picture is added. */
export function Composer({ orderId }: { orderId: string }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const [text, setText] = useState('')
  const send = useCommand(
    (body: { text: string }, key) => ok(api.POST('/v1/work-orders/{id}/comments', { params: { path: { id: orderId }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['work-orders'], done: () => setText('') },
  )
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
          variant="unstyled"
          className={classes.text}
          autosize
          minRows={1}
          maxRows={6}
          aria-label={t('comment.label')}
          placeholder={t('comment.label')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
        />
        {may('attachments.write') ? <PhotoButton subject={{ type: 'work_order', id: orderId }} /> : null}
        <ActionIcon aria-label={t('comment.send')} aria-disabled={!text.trim()} loading={send.isPending} onClick={submit}>
          <IconSend size={16} stroke={1.75} />
        </ActionIcon>
      </div>
    </div>
  )
}
