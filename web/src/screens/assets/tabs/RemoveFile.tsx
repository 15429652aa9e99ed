import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answered, api, ok } from '../../../api/client'
import { CommandProblem } from '../../../kit/CommandProblem'
import { Sheet } from '../../../kit/Sheet'
import { useCommand } from '../../../kit/useCommand'
import type { Attachment } from '../queries'

/** Removes a file after a question: it cannot be brought back. */
export function RemoveFile({ file }: { file: Attachment }) {
  const { t } = useTranslation('assets')
  const [asked, setAsked] = useState(false)
  const remove = useCommand(
    async (id: string) => {
      const path = { id }
      const { etag } = await answered(api.GET('/v1/attachments/{id}', { params: { path } }))
      await ok(api.DELETE('/v1/attachments/{id}', { params: { path, header: { 'If-Match': etag ?? undefined } } }))
    },
    { refresh: ['attachments'], done: () => setAsked(false) },
  )
  const send = () => remove.mutate(file.id)
  return (
    <>
      <ActionIcon aria-label={t('documents.remove', { name: file.filename })} onClick={() => setAsked(true)}>
        <IconTrash size={16} stroke={1.75} />
      </ActionIcon>
      {asked ? (
        <Sheet title={t('documents.remove', { name: file.filename })} onClose={() => setAsked(false)} submit={t('documents.remove_do')} onSubmit={send} busy={remove.isPending} danger>
          <CommandProblem error={remove.error} again={send} />
          <p style={{ margin: 0 }}>{t('documents.remove_help')}</p>
        </Sheet>
      ) : null}
    </>
  )
}
