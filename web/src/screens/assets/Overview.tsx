import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import type { TabProps } from './AssetPage'
import { CostChart } from './CostChart'
import { Facts } from './Facts'
import { MeterChart } from './MeterChart'
import classes from './Overview.module.css'
import { metersQuery } from './queries'
import { ScheduleRows } from './ScheduleRows'
import { StopStrip } from './StopStrip'
import { WorkRows } from './WorkRows'

/** The asset at a glance: facts, how it ran, what is to be done. */
export function Overview({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const meters = useQuery({ ...metersQuery(asset.id), enabled: may('meters.read') }).data ?? []
  const main = meters.find((meter) => meter.kind === 'continuous') ?? meters[0]
  return (
    <div className={classes.overview}>
      <Facts asset={asset} meter={main} />
      {asset.description ? <p className={classes.description}>{asset.description}</p> : null}
      <StopStrip asset={asset} />
      <div className={classes.pair}>
        {main ? <MeterChart asset={asset} meter={main} /> : null}
        {may('costs.read') ? <CostChart asset={asset} /> : null}
      </div>
      <div className={classes.pair}>
        {may('work_orders.read') ? <WorkRows asset={asset} title={t('tab.work')} /> : null}
        {may('maintenance_schedules.read') ? <ScheduleRows asset={asset} title={t('tab.schedules')} /> : null}
      </div>
    </div>
  )
}
