import { ActionIcon, Loader, Tooltip } from '@mantine/core'
import { IconPhotoPlus } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSubject } from './sendFile'
import { useUploads } from './useUploads'

/** Adds pictures or files to a record with one click; what fails is said in the tooltip and tried again by the next click. */
export function PhotoButton({ subject }: { subject: FileSubject }) {
  const { t } = useTranslation('timeline')
  const input = useRef<HTMLInputElement>(null)
  const { items, add, again } = useUploads(subject)
  const failed = items.find((item) => item.state === 'failed')
  const busy = items.some((item) => item.state === 'sending')
  return (
    <Tooltip label={failed?.error?.message ?? t('add_files')} opened={failed ? true : undefined}>
      <span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t('add_files')}
          onChange={(event) => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <ActionIcon aria-label={t('add_files')} onClick={() => (failed ? again(failed.key) : input.current?.click())} aria-busy={busy || undefined}>
          {busy ? <Loader /> : <IconPhotoPlus size={16} stroke={1.75} />}
        </ActionIcon>
      </span>
    </Tooltip>
  )
}
