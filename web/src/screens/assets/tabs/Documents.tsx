import { IconFile, IconFileTypePdf, IconPhoto } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { bytes } from '../../../kit/bytes'
import { instant } from '../../../kit/figures'
import { Failed, Loading, Note } from '../../../kit/ScreenStates'
import { Upload } from '../../../kit/Upload'
import type { TabProps } from '../AssetPage'
import classes from './Documents.module.css'
import { type Attachment, documentsQuery } from '../queries'
import { RemoveFile } from './RemoveFile'
import rowClasses from '../Rows.module.css'

/** Files of an asset: to open, to add, to remove. */
export function Documents({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const files = useQuery(documentsQuery(asset.id))
  return (
    <div className={classes.page}>
      {may('attachments.write') && !asset.archived_at ? <Upload subject={{ type: 'asset', id: asset.id }} /> : null}
      {files.isPending ? <Loading /> : null}
      {files.isError ? <Failed error={files.error} retry={() => void files.refetch()} /> : null}
      {files.data?.length === 0 ? (
        <Note icon={<IconFile size={16} stroke={1.75} />} title={t('documents.none')}>
          {t('documents.none_help')}
        </Note>
      ) : null}
      <ul className={classes.files}>
        {files.data?.map((file) => (
          <File key={file.id} file={file} zoneOf={asset.site_id} />
        ))}
      </ul>
    </div>
  )
}

function File({ file, zoneOf }: { file: Attachment; zoneOf: string }) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const { locale, zone } = usePlace(zoneOf)
  const Icon = file.content_type.startsWith('image/') ? IconPhoto : file.content_type === 'application/pdf' ? IconFileTypePdf : IconFile
  return (
    <li className={rowClasses.row}>
      <Icon size={16} stroke={1.75} className={classes.icon} aria-hidden />
      {file.uploaded_at ? (
        <a className={rowClasses.title} href={`/v1/attachments/${file.id}/content`} target="_blank" rel="noreferrer">
          {file.filename}
        </a>
      ) : (
        <span className={rowClasses.title}>{file.filename}</span>
      )}
      <span className={rowClasses.when}>{file.uploaded_at ? bytes(file.size_bytes, locale) : t('documents.waits')}</span>
      <span className={rowClasses.figure}>{instant(file.created_at, locale, zone)}</span>
      {may('attachments.write') ? <RemoveFile file={file} /> : null}
    </li>
  )
}
