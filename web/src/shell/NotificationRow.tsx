import { useTranslation } from 'react-i18next'
import { usePlace, useSite } from '../api/me'
import { markRead, type Notification } from '../api/notifications'
import { instant } from '../kit/figures'
import { Go } from '../kit/Go'
import { useCommand } from '../kit/useCommand'
import { pathOf } from './found'
import classes from './NotificationRow.module.css'

/** One message: opening it leads to what it is about and counts as reading it. */
export function NotificationRow({ item, done }: { item: Notification; done?: () => void }) {
  const { t } = useTranslation('shell')
  const { locale, zone } = usePlace(useSite()?.id)
  const read = useCommand(markRead, { refresh: ['notifications'] })
  return (
    <Go
      href={pathOf({ kind: item.subject_type, id: item.subject_id })}
      className={classes.row}
      data-unread={!item.read_at || undefined}
      onClick={() => {
        if (!item.read_at) read.mutate(item.id)
        done?.()
      }}
    >
      <span className={classes.first}>
        {item.read_at ? null : <span className={classes.mark} role="img" aria-label={t('bell.new')} />}
        <span className={classes.title}>{item.title}</span>
        <time className={classes.when} dateTime={item.created_at}>
          {instant(item.created_at, locale, zone)}
        </time>
      </span>
      <span className={classes.body}>{item.body}</span>
    </Go>
  )
}
