import { Button } from '@mantine/core'
import { IconBox, IconGauge, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import { Code } from '../../kit/Code'
import { duration } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { State } from '../../kit/State'
import { useNow } from '../../kit/useNow'
import { AssetMenu } from './AssetMenu'
import classes from './AssetTitle.module.css'
import { type Asset, documentsQuery, downtimesQuery, metersQuery } from './queries'
import { ReadingSheet } from './ReadingSheet'

/** Picture, code, name and how the asset stands; its commands at the right, below on the phone. */
export function AssetTitle({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const [reading, setReading] = useState(false)
  const meters = useQuery({ ...metersQuery(asset.id), enabled: may('meters.read') }).data ?? []
  return (
    <header className={classes.head}>
      <Picture asset={asset} />
      <div className={classes.words}>
        <h1 className={classes.title}>
          <Code>{asset.code}</Code> {asset.name}
        </h1>
        <div className={classes.badges}>
          <Standing asset={asset} />
          <State noun="lifecycle" state={asset.lifecycle_state} more={asset.lifecycle_state === 'in_service' && asset.installed_on ? t('since', { year: asset.installed_on.slice(0, 4) }) : undefined} />
          {asset.criticality ? <span className={classes.chip}>{t('criticality', { letter: asset.criticality })}</span> : null}
          {asset.archived_at ? <span className={classes.chip}>{t('archived')}</span> : null}
        </div>
      </div>
      <div className={classes.commands}>
        <AssetMenu asset={asset} />
        {may('meter_readings.write') && meters.length > 0 && !asset.archived_at ? (
          <Button leftSection={<IconGauge size={16} stroke={1.75} />} onClick={() => setReading(true)}>
            {t('enter_reading')}
          </Button>
        ) : null}
      </div>
      {may('work_orders.create') && !asset.archived_at ? (
        <div className={classes.main} data-phone-commands>
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Go {...props} href={`/work-orders/new?asset_id=${asset.id}`} />}>
            {t('new_work_order')}
          </Button>
        </div>
      ) : null}
      {reading ? <ReadingSheet asset={asset} meters={meters} onClose={() => setReading(false)} /> : null}
    </header>
  )
}

function Standing({ asset }: { asset: Asset }) {
  const now = useNow(30_000)
  const open = useQuery(downtimesQuery(asset.id)).data?.find((stop) => !stop.ended_at)
  const since = open && (asset.operating_state === 'down' || asset.operating_state === 'disabled') ? duration((now - Date.parse(open.started_at)) / 1000) : undefined
  return <State noun="asset" state={asset.operating_state} more={since} />
}

function Picture({ asset }: { asset: Asset }) {
  const may = useMay()
  const photo = useQuery({ ...documentsQuery(asset.id), enabled: may('attachments.read') }).data?.find((file) => file.uploaded_at && /^image\/(jpeg|png|webp)$/.test(file.content_type))
  return <div className={classes.picture}>{photo ? <img src={`/v1/attachments/${photo.id}/content`} alt="" /> : <IconBox size={24} stroke={1.5} />}</div>
}
