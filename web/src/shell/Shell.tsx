import { Outlet } from '@tanstack/react-router'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { MeContext, meQuery } from '../api/me'

/** The frame around every screen of a signed-in person. */
export function Shell() {
  const { t } = useTranslation()
  const me = useSuspenseQuery(meQuery).data
  return (
    <MeContext value={me}>
      <a href="#content" className="ms-hidden">
        {t('skip')}
      </a>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </MeContext>
  )
}
