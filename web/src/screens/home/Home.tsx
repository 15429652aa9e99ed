import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Dashboard, dashboardQuery } from '../../api/dashboard'
import { useFirstDay, useMay, usePlace, useSite } from '../../api/me'
import { addDays, dayOf, today } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading } from '../../kit/ScreenStates'
import { usePhone } from '../../kit/usePhone'
import { WeekSteps } from '../../kit/WeekSteps'
import { weekNumber, weekStart } from '../../kit/weeks'
import { CostByAsset } from './CostByAsset'
import { Crew } from './Crew'
import { ComingUp, DownNow } from './Plant'
import { Finished } from './Finished'
import classes from './Home.module.css'
import { NeedsYou } from './NeedsYou'
import { Tiles } from './Tiles'

/** What needs the reader, how the plant stands and how work goes, of the chosen site or of all. The figures are those of the end of the week that is turned to, or of now where it is not over. */
export function Home() {
  const { t } = useTranslation('home')
  const may = useMay()
  const site = useSite()
  const { locale, zone } = usePlace(site?.id)
  const paths = useRouter().routesByPath as Record<string, unknown>
  const day = today(zone)
  const first = useFirstDay()
  const { week } = useSearch({ strict: false }) as { week?: string }
  const begin = weekStart(week ?? day, first)
  const until = addDays(begin, 6) < day ? addDays(begin, 6) : undefined
  const dashboard = useQuery({ ...dashboardQuery(site?.id, until), enabled: may('dashboard.read'), placeholderData: keepPreviousData })
  // Of the figures that are shown: those of the week before stay until the others are there.
  const on = dashboard.data?.figures?.on
  const past = on ? on < weekStart(day, first) : until !== undefined
  const navigate = useNavigate()
  const long = (value: string) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long' }).format(dayOf(value))
  const range = t('week-plan:span', { from: long(begin), to: long(addDays(begin, 6)) })
  // At the phone the bottom bar reports; a command there would take the place of all its ways.
  const phone = usePhone()
  const orders = !phone && may('work_orders.create') && '/work-orders/new' in paths
  const reports = !phone && may('work_requests.create') && '/requests/new' in paths
  return (
    <div className={classes.page}>
      <PageTitle
        title={t('week', { week: weekNumber(begin) })}
        name={t('title')}
        note={range}
        actions={phone || !(may('crew_load.read') || may('work_orders.read')) ? null : <WeekSteps begin={begin} current={weekStart(day, first)} word={t('this_week')} go={(to) => void navigate({ to: '.', search: ((search: object) => ({ ...search, week: to })) as never, replace: true })} />}
        main={
          orders ? (
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to={'/work-orders/new' as string} />}>
              {t('new_work_order')}
              <kbd className={`ms-key ${classes.key}`}>C</kbd>
            </Button>
          ) : reports ? (
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to={'/requests/new' as string} />}>
              {t('report')}
            </Button>
          ) : null
        }
      />
      {dashboard.data ? <Panels dashboard={dashboard.data} site={site?.id} begin={begin} past={past} /> : dashboard.isError ? <Failed error={dashboard.error} retry={() => void dashboard.refetch()} /> : <Loading />}
    </div>
  )
}

function Panels({ dashboard, site, begin, past }: { dashboard: Dashboard; site?: string; begin: string; past: boolean }) {
  const { down, coming_up: coming, needs_you: needs, finished, cost_by_asset: costs } = dashboard
  return (
    <div className={classes.panels}>
      <Tiles dashboard={dashboard} site={site} past={past} />
      <div className={classes.first}>
        {needs ? <NeedsYou needs={needs} /> : null}
        <div className={classes.column}>
          {dashboard.assets ? <DownNow down={down ?? []} assets={dashboard.assets} /> : null}
          {dashboard.maintenance_schedules ? <ComingUp coming={coming ?? []} /> : null}
        </div>
      </div>
      <div className={classes.second}>
        <Crew site={site} begin={begin} />
        {finished?.length ? <Finished weeks={finished} past={past} /> : null}
        {costs?.length ? <CostByAsset costs={costs} /> : null}
      </div>
    </div>
  )
}
