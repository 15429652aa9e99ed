import { useTranslation } from 'react-i18next'
import type { TabProps } from '../AssetPage'
import { ScheduleRows } from '../ScheduleRows'

/** All schedules of an asset. */
export function Schedules({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  return <ScheduleRows asset={asset} title={t('tab.schedules')} limit={200} />
}
