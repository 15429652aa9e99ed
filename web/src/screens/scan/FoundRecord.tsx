import { IconArrowBackUp, IconChevronRight, IconClipboardPlus, IconClipboardText, IconGauge, IconHistory, IconMessageReport, IconPackageExport, IconPackageImport, IconPackages, IconQrcodeOff, IconSitemap, IconStackPush } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, Problem } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { date, duration, instant, quantity, today } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { usePageName } from '../../kit/pageName'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useNow } from '../../kit/useNow'
import { useSheet } from '../../kit/useSheet'
import { type Asset, assetQuery, downtimesQuery, metersQuery, workQuery } from '../assets/queries'
import { ReadingSheet } from '../assets/ReadingSheet'
import { pathOf } from '../../shell/found'
import { isLow } from '../items/low'
import { onlyPlace } from '../stock/movements'
import { MovementSheet } from '../stock/MovementSheet'
import { PutAwayItem } from '../stock/PutAwaySheet'
import { type Item, itemQuery, itemStockQuery } from '../stock/queries'
import { NextWork } from './NextWork'
import classes from './Scan.module.css'

/** What carries a code. An asset shows what can be done with it, another record opens. `again` is a way to the next code. */
export function FoundRecord({ code, again }: { code: string; again?: ReactNode }) {
  const { t } = useTranslation('scan')
  const found = useQuery({ queryKey: ['assets', 'lookup', code], queryFn: () => ok(api.GET('/v1/lookup', { params: { query: { code } } })), retry: false })
  if (found.isPending) return <Loading />
  if (found.error instanceof Problem && found.error.status === 404) {
    return (
      <Note icon={<IconQrcodeOff size={16} stroke={1.75} />} title={t('unknown', { code })} role="alert" actions={again} page={!again}>
        {t('unknown_help')}
      </Note>
    )
  }
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} page={!again} />
  if (found.data.kind === 'work_order' || found.data.kind === 'purchase_order') return <Navigate to={pathOf(found.data)} replace />
  if (found.data.kind === 'item') return <FoundItem id={found.data.id} page={!again} />
  if (found.data.kind === 'location') return <Navigate to="/assets" search={{ location_id: found.data.id }} replace />
  return <FoundAsset id={found.data.id} page={!again} />
}

function FoundItem({ id, page }: { id: string; page: boolean }) {
  const item = useQuery(itemQuery(id))
  usePageName(item.data?.data.code ?? '')
  if (item.isPending) return <Loading />
  if (item.isError) return <Failed error={item.error} retry={() => void item.refetch()} page={page} />
  return <ItemCommands item={item.data.data} />
}

const moves = ['issue', 'receipt', 'return'] as const

/** What can be done with an item whose label was read: hand out, receive, take back. */
function ItemCommands({ item }: { item: Item }) {
  const { t } = useTranslation('scan')
  const may = useMay()
  const { locale } = usePlace()
  const stock = useQuery(itemStockQuery(item.id)).data
  const { sheet: kind, open: setKind, close } = useSheet<(typeof moves)[number] | 'put_away'>()
  const waits = stock?.by_location?.some((place) => place.kind === 'receiving')
  const icon = { size: 20, stroke: 1.75 }
  const icons = { issue: <IconPackageExport {...icon} />, receipt: <IconPackageImport {...icon} />, return: <IconArrowBackUp {...icon} />, put_away: <IconStackPush {...icon} /> }
  return (
    <section className={classes.found}>
      <header className={classes.head}>
        <h1 className={classes.code}>{item.code}</h1>
        {isLow(item) ? <State noun="item" state="low" /> : null}
        <p className={classes.name}>{item.name}</p>
        <p className={classes.place}>{t('item.free', { available: quantity(item.available, locale), on_hand: quantity(item.on_hand, locale), unit: item.unit })}</p>
      </header>
      <ul className={classes.choices}>
        {may('stock_movements.write') && stock
          ? [...(waits ? (['put_away'] as const) : []), ...moves].map((name) => (
              <li key={name}>
                <button type="button" className={classes.choice} onClick={() => setKind(name)}>
                  {icons[name]}
                  <Words title={t(`stock:do.${name}`)} more={t(`item.${name}`)} />
                  <IconChevronRight {...icon} />
                </button>
              </li>
            ))
          : null}
        {may('requisitions.create') ? <Choice icon={<IconClipboardText {...icon} />} href={`/requisitions/new?item_id=${item.id}`} title={t('requisitions:ask')} more={t('item.ask')} /> : null}
        <Choice icon={<IconPackages {...icon} />} href={`/items/${item.id}`} title={t('item.open')} more={t('item.open.more')} />
      </ul>
      {kind === 'put_away' ? <PutAwayItem itemId={item.id} onClose={close} /> : kind ? <MovementSheet item={item} start={{ kind, quantity: '1', location_id: onlyPlace(stock?.by_location) }} fixed onClose={close} /> : null}
    </section>
  )
}

function FoundAsset({ id, page }: { id: string; page: boolean }) {
  const asset = useQuery(assetQuery(id))
  usePageName(asset.data?.code ?? '')
  if (asset.isPending) return <Loading />
  if (asset.isError) return <Failed error={asset.error} retry={() => void asset.refetch()} page={page} />
  return <AssetCommands asset={asset.data} />
}

function AssetCommands({ asset }: { asset: Asset }) {
  const { t } = useTranslation('scan')
  const may = useMay()
  const { locale, zone } = usePlace(asset.site_id)
  const meters = useQuery({ ...metersQuery(asset.id), enabled: may('meters.read') }).data ?? []
  const past = useQuery({ ...workQuery(asset.id, { status: ['completed', 'closed'], limit: 1 }), enabled: may('work_orders.read') }).data?.items?.[0]
  const [reading, setReading] = useState(false)
  const meter = meters[0]
  const icon = { size: 20, stroke: 1.75 }
  return (
    <section className={classes.found}>
      <header className={classes.head}>
        <h1 className={classes.code}>{asset.code}</h1>
        <Standing asset={asset} />
        <p className={classes.name}>{asset.name}</p>
        <p className={classes.place}>{asset.location.name}</p>
      </header>
      {may('work_orders.read') ? <NextWork asset={asset} /> : null}
      <ul className={classes.choices}>
        {meter && may('meter_readings.write') ? (
          <li>
            <button type="button" className={classes.choice} onClick={() => setReading(true)}>
              <IconGauge {...icon} />
              <Words title={t('reading')} more={meter.last_read_at ? t('reading.last', { figure: `${quantity(meter.last_value, locale)} ${meter.unit}`, time: instant(meter.last_read_at, locale, zone) }) : meter.name} />
              <IconChevronRight {...icon} />
            </button>
          </li>
        ) : null}
        {may('work_requests.create') ? <Choice icon={<IconMessageReport {...icon} />} href={`/requests/new?asset_id=${asset.id}`} title={t('report')} more={t('report.more')} /> : null}
        {may('work_orders.create') ? <Choice icon={<IconClipboardPlus {...icon} />} href={`/work-orders/new?asset_id=${asset.id}`} title={t('order')} more={t('order.more')} /> : null}
        {may('work_orders.read') ? (
          <Choice icon={<IconHistory {...icon} />} href={`/assets/${asset.id}?tab=work`} title={t('history')} more={past ? t('history.last', { title: past.title, date: date(today(zone, new Date(past.completed_at ?? past.updated_at)), locale, today(zone)) }) : t('history.none')} />
        ) : null}
        <Choice icon={<IconSitemap {...icon} />} href={`/assets/${asset.id}`} title={t('open')} more={t('open.more')} />
      </ul>
      {reading ? <ReadingSheet asset={asset} meters={meters} onClose={() => setReading(false)} /> : null}
    </section>
  )
}

function Standing({ asset }: { asset: Asset }) {
  const open = useQuery(downtimesQuery(asset.id)).data?.find((stop) => !stop.ended_at)
  const now = useNow(30_000, open !== undefined)
  return <State noun="asset" state={asset.operating_state} more={open && asset.operating_state === 'down' ? duration((now - Date.parse(open.started_at)) / 1000) : undefined} />
}

function Words({ title, more }: { title: string; more: string }) {
  return (
    <span className={classes.words}>
      <b>{title}</b>
      <span>{more}</span>
    </span>
  )
}

function Choice({ icon, href, title, more }: { icon: ReactNode; href: string; title: string; more: string }) {
  return (
    <li>
      <Go href={href} className={classes.choice}>
        {icon}
        <Words title={title} more={more} />
        <IconChevronRight size={20} stroke={1.75} />
      </Go>
    </li>
  )
}
