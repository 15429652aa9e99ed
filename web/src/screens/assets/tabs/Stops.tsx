import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../../api/me'
import { RecordNumber } from '../../../kit/Code'
import { duration, instant } from '../../../kit/figures'
import { Go } from '../../../kit/Go'
import { Panel } from '../../../kit/Panel'
import { Failed, Loading, Note } from '../../../kit/ScreenStates'
import { StateGlyph } from '../../../kit/State'
import { useNow } from '../../../kit/useNow'
import { useSheet } from '../../../kit/useSheet'
import type { TabProps } from '../AssetPage'
import { type Asset, type Downtime, downtimesQuery } from '../queries'
import rows from '../Rows.module.css'
import { EndStopSheet, StopSheet } from '../StopSheet'
import { StopStrip } from '../StopStrip'
import classes from './Tabs.module.css'

/** When an asset stood, planned and not. */
export function Stops({ asset }: TabProps) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const stops = useQuery(downtimesQuery(asset.id))
  const { sheet, open: setSheet, close } = useSheet<'new' | Downtime>()
  const mayWrite = may('downtimes.write') && !asset.archived_at
  const record = mayWrite ? <Button onClick={() => setSheet('new')}>{t('stop.record')}</Button> : null
  if (stops.isPending) return <Loading />
  if (stops.isError) return <Failed error={stops.error} retry={() => void stops.refetch()} />
  return (
    <div className={classes.stack}>
      {stops.data.length === 0 ? (
        <Note title={t('stop.none')} actions={record}>
          {t('stop.none_help')}
        </Note>
      ) : (
        <>
          <StopStrip asset={asset} />
          <Panel flush title={t('tab.downtime')} action={record}>
            <ul className={rows.rows}>
              {stops.data.map((stop) => (
                <Stop key={stop.id} stop={stop} asset={asset} onEnd={mayWrite ? () => setSheet(stop) : undefined} />
              ))}
            </ul>
          </Panel>
        </>
      )}
      {sheet === 'new' ? <StopSheet asset={asset} onClose={close} /> : null}
      {sheet && sheet !== 'new' ? <EndStopSheet asset={asset} stop={sheet} onClose={close} /> : null}
    </div>
  )
}

function Stop({ stop, asset, onEnd }: { stop: Downtime; asset: Asset; onEnd?: () => void }) {
  const { t } = useTranslation('assets')
  const { locale, zone } = usePlace(asset.site_id)
  const now = useNow(30_000, !stop.ended_at)
  const seconds = ((stop.ended_at ? Date.parse(stop.ended_at) : now) - Date.parse(stop.started_at)) / 1000
  return (
    <li className={rows.row}>
      <StateGlyph noun="asset" state={stop.kind === 'planned' ? 'disabled' : 'down'} />
      <span className={rows.title}>{stop.reason || t(stop.kind === 'planned' ? 'stop.planned' : 'stop.unplanned')}</span>
      {stop.work_order?.number ? (
        <Go href={`/work-orders/${stop.work_order.id}`}>
          <RecordNumber value={stop.work_order.number} short />
        </Go>
      ) : null}
      <span className={rows.when}>{instant(stop.started_at, locale, zone)}</span>
      {!stop.ended_at && onEnd ? <Button onClick={onEnd}>{t('stop.end')}</Button> : null}
      <span className={rows.figure}>{duration(seconds)}</span>
    </li>
  )
}
