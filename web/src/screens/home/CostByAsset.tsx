import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/dashboard'
import { useMe, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { money, quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import classes from './CostByAsset.module.css'

// As many as the charts beside them are tall.
const shown = 7

/** The assets that cost most in twelve months, against the most and against a new one. */
export function CostByAsset({ costs }: { costs: NonNullable<Dashboard['cost_by_asset']> }) {
  const { t } = useTranslation('home')
  const { locale, currency } = usePlace()
  const tenant = useMe().tenant
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const most = Math.max(...costs.map((each) => Number(each.total.amount)), 1)
  return (
    <Panel title={t('cost_by_asset')} note={t('cost_by_asset_unit', { currency: currency || tenant.currency })}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('asset')}</th>
            <th scope="col">{t('spent')}</th>
            <th scope="col">{t('of_new')}</th>
          </tr>
        </thead>
        <tbody>
          {costs.slice(0, shown).map((each) => (
            <tr key={each.asset.id}>
              <td>
                <Go href={`/assets/${each.asset.id}?tab=costs`} className={classes.asset}>
                  <Code>{each.asset.code}</Code> {each.asset.name}
                </Go>
                <span className={classes.bar} aria-hidden>
                  <span style={{ width: `${(Number(each.total.amount) / most) * 100}%` }} />
                </span>
              </td>
              <td className={classes.spent} title={money(each.total, locale)}>
                {short.format(Number(each.total.amount))}
              </td>
              <td className={classes.share} data-much={(each.share_pct ?? 0) >= 25 || undefined}>
                {each.share_pct === undefined ? '' : t('percent', { figure: quantity(each.share_pct, locale, 0) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
