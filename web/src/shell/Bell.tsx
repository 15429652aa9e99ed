import { ActionIcon, Popover, Tooltip } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useSite } from '../api/me'
import { newestUnreadQuery } from '../api/notifications'
import { Failed, Loading } from '../kit/ScreenStates'
import classes from './Bell.module.css'
import { NotificationRow } from './NotificationRow'
import { useCounts } from './useNav'

/** What came in and was not read, newest first, at the bell of the header. */
export function Bell() {
  const { t } = useTranslation('shell')
  const may = useMay()
  const { inbox } = useCounts()
  const [open, setOpen] = useState(false)
  if (!may('notifications.read')) return null
  const label = inbox ? t('bell.unread', { count: inbox.value }) : t('bell')
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={380} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('bell')} disabled={open}>
          <ActionIcon className={classes.bell} aria-label={label} aria-expanded={open} aria-haspopup="dialog" onClick={() => setOpen(!open)}>
            <IconBell size={18} stroke={1.75} />
            {inbox ? <span className={classes.mark} aria-hidden /> : null}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('bell')}>
        <Newest close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Newest({ close }: { close: () => void }) {
  const { t } = useTranslation('shell')
  const newest = useQuery(newestUnreadQuery(useSite()?.id))
  const items = newest.data?.items ?? []
  return (
    <>
      {newest.isPending ? <Loading rows={3} /> : newest.isError ? <Failed error={newest.error} retry={() => void newest.refetch()} /> : null}
      {newest.data && items.length === 0 ? <p className={classes.none}>{t('bell.none')}</p> : null}
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item.id}>
            <NotificationRow item={item} done={close} />
          </li>
        ))}
      </ul>
      <Link to="/inbox" className={classes.all} onClick={close}>
        {t('bell.open')}
      </Link>
    </>
  )
}
