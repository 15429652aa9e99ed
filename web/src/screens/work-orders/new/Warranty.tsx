import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { date, today } from '../../../kit/figures'
import type { WorkPlace } from '../../../kit/places'
import { assetQuery } from '../../assets/queries'
import classes from './Warranty.module.css'

/** That the maker still answers for an asset, before work on it is asked for. Nothing where he does not. */
export function Warranty({ place }: { place: Pick<WorkPlace, 'kind' | 'id'> | null }) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const asset = useQuery({ ...assetQuery(place?.id ?? ''), enabled: place?.kind === 'asset' && may('assets.read') }).data
  const { locale, zone } = usePlace(asset?.site_id)
  const now = today(zone)
  if (place?.kind !== 'asset' || !asset?.warranty_until || asset.warranty_until < now) return null
  return (
    <p className={classes.covered} role="status">
      <b>{t('new.warranty', { date: date(asset.warranty_until, locale, now) })}</b> {t('new.warranty_help')}
    </p>
  )
}
