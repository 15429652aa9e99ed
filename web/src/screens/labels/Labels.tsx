import { Button, SegmentedControl } from '@mantine/core'
import { IconPrinter, IconQrcode } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMe } from '../../api/me'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import classes from './Labels.module.css'
import { QrCode } from './QrCode'
import { type LabelSize, labelSizes } from './sizes'

type Asset = Schemas['Asset']

const route = getRouteApi('/shell/labels')
const most = 600

async function chosen(ids: string[]): Promise<Asset[]> {
  return Promise.all(ids.slice(0, most).map((id) => ok(api.GET('/v1/assets/{id}', { params: { path: { id } } }))))
}

async function standingAt(location: string): Promise<Asset[]> {
  const found: Asset[] = []
  let cursor: string | undefined
  do {
    const page = await ok(api.GET('/v1/assets', { params: { query: { location_id: [location], sort: 'code', limit: 200, cursor } } }))
    found.push(...(page.items ?? []))
    cursor = page.next_cursor
  } while (cursor && found.length < most)
  return found.slice(0, most)
}

/** Labels of chosen assets, or of all at a place: what is seen is what the printer gets. */
export function Labels() {
  const { t } = useTranslation('labels')
  const { assets, location_id, size = 'small' } = route.useSearch()
  const navigate = route.useNavigate()
  const ids = assets?.split(',').filter(Boolean)
  const found = useQuery({
    queryKey: ['assets', 'labels', ids ?? location_id ?? ''],
    queryFn: () => (ids ? chosen(ids) : standingAt(location_id ?? '')),
    enabled: ids !== undefined || location_id !== undefined,
  })
  const labels = found.data ?? []
  const sheet = (
    <div className={classes.sheet} data-size={size}>
      {labels.map((asset) => (
        <Label key={asset.id} asset={asset} />
      ))}
    </div>
  )
  return (
    <section>
      <PageTitle
        title={t('title')}
        note={labels.length > 0 ? t('count', { count: labels.length }) : null}
        actions={
          <SegmentedControl
            aria-label={t('size')}
            value={size}
            onChange={(value) => void navigate({ search: (search) => ({ ...search, size: value === 'small' ? undefined : (value as LabelSize) }), replace: true })}
            data={labelSizes.map((value) => ({ value, label: t(`size.${value}`) }))}
          />
        }
        main={
          labels.length > 0 ? (
            <Button variant="filled" leftSection={<IconPrinter size={16} stroke={1.75} />} onClick={() => window.print()}>
              {t('print', { count: labels.length })}
            </Button>
          ) : null
        }
      />
      {!ids && !location_id ? (
        <Note icon={<IconQrcode size={16} stroke={1.75} />} title={t('none')} actions={<Button renderRoot={(props) => <Link {...props} to="/assets" />}>{t('choose')}</Button>}>
          {t('none_help')}
        </Note>
      ) : null}
      {found.isLoading ? <Loading /> : null}
      {found.isError ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {labels.length === most ? <Note title={t('most', { count: most })}>{t('most_help')}</Note> : null}
      {labels.length > 0 ? (
        <>
          <div className={classes.preview}>{sheet}</div>
          {createPortal(
            <div className={classes.printed} aria-hidden>
              {sheet}
            </div>,
            document.body,
          )}
        </>
      ) : null}
    </section>
  )
}

function Label({ asset }: { asset: Asset }) {
  const { t } = useTranslation('labels')
  const { tenant } = useMe()
  // A label that is scanned opens the asset; the barcode printed by its maker stays what it is.
  const address = `${location.origin}/a/${encodeURIComponent(asset.code)}`
  return (
    <div className={classes.label}>
      <QrCode text={address} label={t('qr', { code: asset.code })} />
      <div className={classes.words}>
        <span className={classes.code}>{asset.code}</span>
        <span className={classes.name}>{asset.name}</span>
        {asset.serial_number ? <span className={classes.small}>{asset.serial_number}</span> : null}
        <span className={classes.small}>{tenant.name}</span>
      </div>
    </div>
  )
}
