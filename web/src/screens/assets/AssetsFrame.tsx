import { TextInput, UnstyledButton } from '@mantine/core'
import { IconScan, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet, useLocation, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { usePlace, useSite } from '../../api/me'
import { quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Glyph } from '../../kit/glyphs'
import classes from './AssetsFrame.module.css'
import { FoundAssets } from './FoundAssets'
import { asksForList, atSite, readListSearch } from './list/search'
import { PlantTree } from './PlantTree'

const route = getRouteApi('/shell/assets')

/** The plant at the left, an asset or the list at the right. Narrow screens show one of both. */
export function AssetsFrame() {
  const { assetId } = useParams({ strict: false })
  const path = useLocation({ select: (location) => location.pathname })
  const search = useSearch({ strict: false })
  // A narrow screen shows the tree until something is asked for.
  const content = path.replace(/\/$/, '') !== '/assets' || asksForList(readListSearch(search))
  return (
    <div className={classes.frame} data-shows={content ? 'content' : 'plant'}>
      <PlantPanel assetId={assetId} />
      <div className={classes.content}>
        <Outlet />
      </div>
    </div>
  )
}

function PlantPanel({ assetId }: { assetId?: string }) {
  const { t } = useTranslation('assets')
  const navigate = route.useNavigate()
  const { by = 'place', find } = route.useSearch()
  const [typed, setTyped] = useState(find ?? '')

  useEffect(() => {
    const timer = setTimeout(() => {
      if (typed.trim() !== (find ?? '')) void navigate({ to: '.', search: (search) => ({ ...search, find: typed.trim() || undefined }), replace: true })
    }, 200)
    return () => clearTimeout(timer)
  }, [typed, find, navigate])

  return (
    <nav className={classes.panel} aria-label={t('plant')}>
      <h1 className={classes.alone}>{t('heading')}</h1>
      <div className={classes.search}>
        <TextInput
          aria-label={t('find')}
          placeholder={t('find')}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          leftSection={<IconSearch size={16} stroke={1.75} />}
          rightSection={
            <Go href="/scan" className={classes.scan} aria-label={t('scan')}>
              <IconScan size={16} stroke={1.75} />
            </Go>
          }
        />
      </div>
      <div className={classes.grouping} role="group" aria-label={t('grouped')}>
        {(['place', 'category'] as const).map((each) => (
          <UnstyledButton key={each} className={classes.group} aria-pressed={by === each} onClick={() => void navigate({ to: '.', search: (search) => ({ ...search, by: each === 'category' ? each : undefined }) })}>
            {t(`tree.by_${each}`)}
          </UnstyledButton>
        ))}
      </div>
      <div className={classes.tree}>{find ? <FoundAssets text={find} assetId={assetId} /> : <PlantTree by={by} assetId={assetId} />}</div>
      <Standing />
    </nav>
  )
}

/** How many assets do not run, as the foot of the tree. */
function Standing() {
  return (
    <div className={classes.foot}>
      <StandingCount state="down" />
      <StandingCount state="disabled" />
    </div>
  )
}

function StandingCount({ state }: { state: 'down' | 'disabled' }) {
  const { t } = useTranslation('assets')
  const { locale } = usePlace()
  const site = useSite()
  const query = atSite({ operating_state: [state], limit: 1, count: 'capped' }, site?.id)
  const count = useQuery({
    queryKey: ['assets', 'count', query],
    queryFn: () => ok(api.GET('/v1/assets', { params: { query } })),
  }).data?.total?.value
  if (!count) return null
  return (
    <Link to="/assets" search={{ operating_state: state }} className={classes.standing} data-state={state}>
      <Glyph name={state === 'down' ? 'octagon' : 'wrench'} />
      <span>{t(`standing.${state}`, { count, figure: quantity(count, locale) })}</span>
    </Link>
  )
}
