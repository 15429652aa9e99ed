import { IconFile } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { bytes } from '../../../kit/bytes'
import { instant } from '../../../kit/figures'
import { Loading, Note } from '../../../kit/ScreenStates'
import type { Attachment, FileSubject } from '../../../kit/sendFile'
import { Upload } from '../../../kit/Upload'
import classes from './Files.module.css'

/** The files of a record, the latest first, and adding more. */
export function Files({ subject, files }: { subject: FileSubject; files: Attachment[] | undefined }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const { locale, zone } = usePlace()
  if (!files) return <Loading rows={3} />
  const stored = files.filter((file) => file.uploaded_at)
  return (
    <div className={classes.files}>
      {may('attachments.write') ? <Upload subject={subject} /> : null}
      {stored.length === 0 ? <Note title={t('files.empty')} /> : null}
      <ul className={classes.list}>
        {stored.map((file) => (
          <li key={file.id}>
            {file.content_type.startsWith('image/') ? <img src={`/v1/attachments/${file.id}/content`} alt="" loading="lazy" width={48} height={36} /> : <IconFile size={16} stroke={1.75} />}
            <a href={`/v1/attachments/${file.id}/content`} target="_blank" rel="noreferrer">
              {file.filename}
            </a>
            <span>{bytes(file.size_bytes, locale)}</span>
            <span>{instant(file.created_at, locale, zone)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
