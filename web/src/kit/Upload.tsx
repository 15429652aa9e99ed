import { ActionIcon, Button, Progress } from '@mantine/core'
import { IconCamera, IconPaperclip, IconX } from '@tabler/icons-react'
import { type ChangeEvent, type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../api/me'
import { bytes } from './bytes'
import { type FileSubject, fileLimit } from './sendFile'
import classes from './Upload.module.css'
import { type UploadItem, useUploads } from './useUploads'

interface UploadProps {
  subject: FileSubject
  /** Photos only: opens the camera on a phone. */
  photos?: boolean
  /** Words of the button where the usual ones do not fit. */
  label?: string
}

/**
 * Sends files to a record: chosen, photographed, or dropped on it. Each shows how much has left and can be cancelled or
 * tried again. Whoever shows the record's attachments sees them when they have arrived.
 */
export function Upload({ subject, photos = false, label }: UploadProps) {
  const { t } = useTranslation('upload')
  const { locale } = usePlace()
  const uploads = useUploads(subject)
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)

  function choose(event: ChangeEvent<HTMLInputElement>) {
    uploads.add(event.currentTarget.files ?? [])
    event.currentTarget.value = ''
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    uploads.add(event.dataTransfer.files)
  }

  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className={classes.choose}>
        <input ref={input} type="file" hidden multiple accept={photos ? 'image/*' : undefined} capture={photos ? 'environment' : undefined} onChange={choose} />
        <Button leftSection={photos ? <IconCamera size={16} stroke={1.75} /> : <IconPaperclip size={16} stroke={1.75} />} onClick={() => input.current?.click()}>
          {label ?? t(photos ? 'photo' : 'add')}
        </Button>
        <span className={classes.help}>{t('help', { size: bytes(fileLimit, locale) })}</span>
      </div>
      {uploads.items.length > 0 ? (
        <ul className={classes.items} aria-label={t('sending')}>
          {uploads.items.map((item) => (
            <Item key={item.key} item={item} again={() => uploads.again(item.key)} drop={() => uploads.drop(item.key)} />
          ))}
        </ul>
      ) : null}
    </div>
  )
}

function Item({ item, again, drop }: { item: UploadItem; again: () => void; drop: () => void }) {
  const { t } = useTranslation('upload')
  const { locale } = usePlace()
  const percent = Math.round(item.sent * 100)
  return (
    <li className={classes.item} data-failed={item.state !== 'sending' || undefined}>
      <span className={classes.name}>{item.file.name}</span>
      <span className={classes.size}>{bytes(item.file.size, locale)}</span>
      {item.state === 'sending' ? (
        <Progress.Root size={4} className={classes.bar}>
          <Progress.Section value={percent} color="var(--ms-moving-solid)" aria-label={t('progress', { name: item.file.name })} />
        </Progress.Root>
      ) : (
        <span className={classes.fault} role="alert">
          {item.state === 'too_large' ? t('too_large', { size: bytes(fileLimit, locale) }) : item.error?.message}
        </span>
      )}
      {item.state === 'failed' ? <Button onClick={again}>{t('common:again')}</Button> : null}
      <ActionIcon aria-label={t(item.state === 'sending' ? 'cancel' : 'put_away', { name: item.file.name })} onClick={drop}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
    </li>
  )
}
