import { IconFile } from '@tabler/icons-react'
import type { Schemas } from '../../../api/client'
import classes from './Pictures.module.css'

const drawable = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])

/** Files as small pictures, or by name where a browser does not draw them; each opens the whole. */
export function Pictures({ files }: { files: Schemas['Attachment'][] }) {
  return (
    <span className={classes.list}>
      {files.map((file) => {
        const address = `/v1/attachments/${file.id}/content`
        return (
          <a key={file.id} href={address} target="_blank" rel="noreferrer" className={classes.one}>
            {drawable.has(file.content_type) ? <img src={address} alt={file.filename} loading="lazy" width={72} height={46} /> : <><IconFile size={16} stroke={1.75} />{file.filename}</>}
          </a>
        )
      })}
    </span>
  )
}
