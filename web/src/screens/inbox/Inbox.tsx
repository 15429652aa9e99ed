import { Button } from '@mantine/core'
import { IconChecks, IconInbox } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSite } from '../../api/me'
import { markAllRead, notificationsQuery } from '../../api/notifications'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { ViewLink } from '../../kit/ViewLink'
import { NotificationRow } from '../../shell/NotificationRow'
import { CountMark } from '../../shell/CountMark'
import { useCounts } from '../../shell/useNav'
import classes from './Inbox.module.css'

const route = getRouteApi('/shell/inbox')

/** What the processes told this person: unread first, everything under «All». */
export function Inbox() {
  const { t } = useTranslation('inbox')
  const { show } = route.useSearch()
  const { inbox } = useCounts()
  const readAll = useCommand(markAllRead, { refresh: ['notifications'] })
  return (
    <div className={classes.page}>
      <PageTitle
        title={t('title')}
        actions={
          inbox ? (
            <Button leftSection={<IconChecks size={16} stroke={1.75} />} loading={readAll.isPending} onClick={() => readAll.mutate()}>
              {t('read_all')}
            </Button>
          ) : null
        }
      />
      {readAll.isError ? <Failed error={readAll.error} retry={() => readAll.mutate()} /> : null}
      <nav className={classes.tabs} aria-label={t('title')}>
        <ViewLink to="/inbox" search={{}} className={classes.tab} current={!show}>
          {t('unread')} {inbox ? <CountMark count={inbox} yours /> : null}
        </ViewLink>
        <ViewLink to="/inbox" search={{ show: 'all' }} className={classes.tab} current={Boolean(show)}>
          {t('all')}
        </ViewLink>
      </nav>
      <Messages unread={!show} />
    </div>
  )
}

function Messages({ unread }: { unread: boolean }) {
  const { t } = useTranslation('inbox')
  const messages = useInfiniteQuery(notificationsQuery(unread, useSite()?.id))
  if (messages.isPending) return <Loading />
  if (messages.isError && !messages.data) return <Failed error={messages.error} retry={() => void messages.refetch()} />
  const items = messages.data.pages.flatMap((page) => page.items ?? [])
  if (items.length === 0) {
    return (
      <Note icon={<IconInbox size={20} stroke={1.75} />} title={t(unread ? 'none_unread' : 'none')}>
        {t('none_help')}
      </Note>
    )
  }
  return (
    <>
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item.id}>
            <NotificationRow item={item} />
          </li>
        ))}
      </ul>
      {messages.hasNextPage ? (
        <Button className={classes.more} loading={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}
