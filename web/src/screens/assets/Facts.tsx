import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { addDays, date, quantity, today } from '../../kit/figures'
import classes from './Facts.module.css'
import { type Asset, downtimesQuery, type Meter } from './queries'
import { startOf } from './stops'

/** What one asks first about an asset. What nobody entered is left out. */
export function Facts({ asset, meter }: { asset: Asset; meter?: Meter }) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const now = today(zone)
  const stops = useQuery(downtimesQuery(asset.id)).data
  const yearAgo = startOf(addDays(now, -365), zone)
  const failures = stops && stops.length > 0 ? stops.filter((stop) => stop.kind === 'unplanned' && Date.parse(stop.started_at) >= yearAgo).length : undefined
  const maker = [asset.manufacturer, asset.model].filter(Boolean).join(', ')
  return (
    <dl className={classes.facts}>
      {maker ? <Fact name={t('fact.maker')}>{maker}</Fact> : null}
      {asset.serial_number ? <Fact name={t('fact.serial')}><Code>{asset.serial_number}</Code></Fact> : null}
      {asset.cost_center ? <Fact name={t('fact.cost_center')}><span title={asset.cost_center.name}><Code>{asset.cost_center.code}</Code></span></Fact> : null}
      <Fact name={t('fact.category')}>{asset.category.name}</Fact>
      <Fact name={t('fact.place')}>{asset.location.name}</Fact>
      {asset.parent ? (
        <Fact name={t('fact.part_of')}>
          <Link to="/assets/$assetId" params={{ assetId: asset.parent.id }}>
            <Code>{asset.parent.code}</Code>
          </Link>
        </Fact>
      ) : null}
      {asset.warranty_until ? <Fact name={t('fact.warranty')}>{t(asset.warranty_until < now ? 'warranty.ended' : 'warranty.until', { date: date(asset.warranty_until, locale, now) })}</Fact> : null}
      {meter?.last_value ? <Fact name={meter.name}>{`${quantity(meter.last_total ?? meter.last_value, locale, 1)} ${meter.unit}`}</Fact> : null}
      {failures !== undefined ? <Fact name={t('fact.failures')}>{quantity(failures, locale)}</Fact> : null}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
