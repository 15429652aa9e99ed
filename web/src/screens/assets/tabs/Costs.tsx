import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../../api/me'
import { addDays, money, today } from '../../../kit/figures'
import { Panel } from '../../../kit/Panel'
import { Failed, Loading } from '../../../kit/ScreenStates'
import type { TabProps } from '../AssetPage'
import { CostChart } from '../CostChart'
import { costKinds } from '../costYears'
import { costsQuery } from '../queries'
import rows from '../Rows.module.css'
import classes from './Tabs.module.css'

/** What an asset costs: this year, the last twelve months, and since it began, against a new one. */
export function Costs({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const now = today(zone)
  const all = useQuery(costsQuery(asset.id))
  const year = useQuery(costsQuery(asset.id, `${now.slice(0, 4)}-01-01`, now)).data
  const twelve = useQuery(costsQuery(asset.id, addDays(now, -364), now)).data
  if (all.isPending) return <Loading />
  if (all.isError) return <Failed error={all.error} retry={() => void all.refetch()} />
  return (
    <div className={classes.stack}>
      <CostChart asset={asset} />
      <Panel flush title={t('costs.by_kind')}>
        <table className={classes.costs}>
          <thead>
            <tr>
              <td />
              <th scope="col">{t('costs.this_year')}</th>
              <th scope="col">{t('costs.twelve')}</th>
              <th scope="col">{t('costs.all')}</th>
            </tr>
          </thead>
          <tbody>
            {[...costKinds, 'total' as const].map((kind) => (
              <tr key={kind} data-total={kind === 'total' || undefined}>
                <th scope="row">{t(`costs.${kind}`)}</th>
                <td>{money(year?.[kind], locale)}</td>
                <td>{money(twelve?.[kind], locale)}</td>
                <td className={rows.figure}>{money(all.data[kind], locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  )
}
