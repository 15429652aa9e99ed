import { IconMoodEmpty } from '@tabler/icons-react'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect, retainSearchParams } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import { meQuery } from '../api/me'
import { Failed, Loading, Note } from '../kit/ScreenStates'
import { speak } from '../i18n'

export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
})

// The sign-in does without it.
const Shell = lazyRouteComponent(() => import('./Shell'), 'Shell')

/** Everything behind the sign-in: without a session it leads there and back. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  validateSearch: (search: Record<string, unknown>): { site?: string } => (typeof search.site === 'string' ? { site: search.site } : {}),
  search: { middlewares: [retainSearchParams(['site'])] },
  async beforeLoad({ context, location }) {
    void Shell.preload?.()
    try {
      const me = await context.queries.ensureQueryData(meQuery)
      if (me.locale && !new URLSearchParams(window.location.search).has('lang')) await speak(me.locale.slice(0, 2))
      return { me }
    } catch (error) {
      if (error instanceof Problem && error.status === 401) throw redirect({ to: '/login', search: { to: location.href } })
      throw error
    }
  },
  component: Shell,
  pendingComponent: Loading,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
})

/** An address that is no page of this version, inside the frame: from here one can go on. */
export const missingRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: Missing })

function Missing() {
  const { t } = useTranslation()
  return (
    <Note icon={<IconMoodEmpty size={16} stroke={1.75} />} title={t('missing.title')} page>
      {t('missing.help')}
    </Note>
  )
}
