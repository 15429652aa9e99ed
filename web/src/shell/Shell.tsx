import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { MeContext, meQuery } from '../api/me'
import { Toasts } from '../kit/Toasts'
import { useFollowAccount } from '../kit/usePrefer'
import { Keys } from './Keys'
import { goLive } from './live'
import { LiveLost } from './LiveLost'
import { Header } from './Header'
import { PaletteGate } from './PaletteGate'
import { PhoneBar } from './PhoneBar'
import classes from './Shell.module.css'
import { Sidebar } from './Sidebar'

/** The frame around every screen of a signed-in person: sidebar and header at the desk, a bottom bar on the phone. Only the content scrolls. */
export function Shell() {
  const { t } = useTranslation()
  const me = useSuspenseQuery(meQuery).data
  const follows = me.permissions?.includes('events.read')
  useEffect(() => (follows ? goLive() : undefined), [follows])
  useFollowAccount()
  const path = useLocation({ select: (location) => location.pathname })
  return (
    <MeContext value={me}>
      <div className={classes.frame}>
        <a href="#content" className={classes.skip}>
          {t('skip')}
        </a>
        <Sidebar path={path} />
        <div className={classes.work}>
          <Header path={path} />
          <LiveLost />
          <main id="content" className={classes.content} tabIndex={-1} data-scroll-restoration-id="content">
            <Outlet />
          </main>
        </div>
        <PhoneBar path={path} />
        <PaletteGate />
        <Keys />
        <Toasts />
      </div>
    </MeContext>
  )
}
