import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { quantity } from '../../kit/figures'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useTabKeys } from '../../kit/useTabKeys'
import { sparePartsQuery } from '../stock/sparePartLists'
import classes from './AssetPage.module.css'
import { AssetTitle } from './AssetTitle'
import { Overview } from './Overview'
import { type Asset, assetQuery, documentsQuery, downtimesQuery, metersQuery, schedulesQuery, workQuery } from './queries'
import type { AssetTab } from './routes'

const route = getRouteApi('/shell/assets/$assetId')

export interface TabProps {
  asset: Asset
}

interface Tab {
  name: AssetTab
  permission: string
  body: ComponentType<TabProps>
}

// What is not looked at is not loaded.
const shown: readonly Tab[] = [
  { name: 'overview', permission: 'assets.read', body: Overview },
  { name: 'work', permission: 'work_orders.read', body: lazy(async () => ({ default: (await import('./tabs/Work')).Work })) },
  { name: 'schedules', permission: 'maintenance_schedules.read', body: lazy(async () => ({ default: (await import('./tabs/Schedules')).Schedules })) },
  { name: 'meters', permission: 'meters.read', body: lazy(async () => ({ default: (await import('./tabs/Meters')).Meters })) },
  { name: 'spare-parts', permission: 'spare_parts.read', body: lazy(async () => ({ default: (await import('./tabs/SpareParts')).SpareParts })) },
  { name: 'costs', permission: 'costs.read', body: lazy(async () => ({ default: (await import('./tabs/Costs')).Costs })) },
  { name: 'downtime', permission: 'assets.read', body: lazy(async () => ({ default: (await import('./tabs/Stops')).Stops })) },
  { name: 'documents', permission: 'attachments.read', body: lazy(async () => ({ default: (await import('./tabs/Documents')).Documents })) },
  { name: 'audit', permission: 'audit.read', body: lazy(async () => ({ default: (await import('./tabs/Audit')).Audit })) },
]

/** One asset: what it is and how it stands, with all that belongs to it in tabs. */
export function AssetPage() {
  const { assetId } = route.useParams()
  const asset = useQuery(assetQuery(assetId))
  usePageName(asset.data ? `${asset.data.code} ${asset.data.name}` : '', { under: asset.data?.location?.name, short: asset.data?.code })
  if (asset.isPending) return <Loading />
  if (asset.isError) return <Failed error={asset.error} retry={() => void asset.refetch()} page />
  return (
    <article className={classes.page}>
      <AssetTitle asset={asset.data} />
      <Tabs asset={asset.data} />
    </article>
  )
}

function Tabs({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const { tab: chosen = 'overview' } = route.useSearch()
  const navigate = route.useNavigate()
  const tabs = shown.filter((tab) => may(tab.permission))
  const counts = useCounts(asset)
  const tab = tabs.find((each) => each.name === chosen) ?? tabs[0]
  const Body = tab?.body
  useTabKeys(tabs, ({ name }) => void navigate({ search: (old) => ({ ...old, tab: name === 'overview' ? undefined : name }), resetScroll: false }))
  return (
    <>
      <nav className={classes.tabs} aria-label={t('tabs')}>
        {tabs.map(({ name }) => (
          <Link key={name} to="." search={(search) => ({ ...search, tab: name === 'overview' ? undefined : name })} className={classes.tab} data-chosen={name === tab?.name || undefined} activeOptions={{ includeSearch: true, explicitUndefined: true }} resetScroll={false}>
            {t(`tab.${name}`)}
            {counts[name] ? <span className={classes.count}>{counts[name]}</span> : null}
          </Link>
        ))}
      </nav>
      <div className={classes.body}>
        <Suspense fallback={<Loading />}>{Body ? <Body asset={asset} /> : null}</Suspense>
      </div>
    </>
  )
}

/** How much each tab holds, where the person may read it. */
function useCounts(asset: Asset): Partial<Record<AssetTab, string>> {
  const may = useMay()
  const { locale } = usePlace()
  const work = useQuery({ ...workQuery(asset.id, { limit: 1 }), enabled: may('work_orders.read') }).data?.total
  const schedules = useQuery({ ...schedulesQuery(asset.id), enabled: may('maintenance_schedules.read') }).data?.total
  const meters = useQuery({ ...metersQuery(asset.id), enabled: may('meters.read') }).data?.length
  const parts = useQuery({ ...sparePartsQuery({ list: 'asset', id: asset.id }), enabled: may('spare_parts.read') }).data?.length
  const documents = useQuery({ ...documentsQuery(asset.id), enabled: may('attachments.read') }).data?.length
  const stops = useQuery(downtimesQuery(asset.id)).data?.length
  const written = (count: number | undefined) => (count ? quantity(count, locale) : undefined)
  return { work: written(work?.value), schedules: written(schedules?.value), meters: written(meters), 'spare-parts': written(parts), documents: written(documents), downtime: written(stops) }
}
