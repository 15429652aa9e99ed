import { Button } from '@mantine/core'
import { IconScan } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { instant, quantity } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import { useSheet } from '../../kit/useSheet'
import { codeOf } from '../scan/wedge'
import { useWedge } from '../scan/useWedge'
import classes from './Page.module.css'
import { PartSheet } from './PartSheet'
import { PutAwayItem, PutAwaySheet } from './PutAwaySheet'
import { type PutAway, putAwayKey } from './queries'

const pageSize = 50

type Asked = { what: 'find'; code?: string } | { what: 'item'; itemId: string } | { what: 'row'; row: PutAway }

/** What was received and is to be put away, the oldest first: the label of an item, then that of its place. */
export function PutAways() {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const { sheet: asked, open: setAsked, close } = useSheet<Asked>()
  const moves = may('stock_movements.write')
  const pages = usePages<PutAway>([...putAwayKey], (cursor, signal) => ok(api.GET('/v1/put-aways', { params: { query: { limit: pageSize, cursor } }, signal })))
  useWedge((code) => {
    if (!asked && moves) setAsked({ what: 'find', code: codeOf(code) })
  })
  const { rows } = pages
  return (
    <article className={classes.page}>
      <PageTitle
        title={t('put_away')}
        main={
          moves ? (
            <Button variant="filled" leftSection={<IconScan size={16} stroke={1.75} />} onClick={() => setAsked({ what: 'find' })}>
              {t('put_away.scan')}
            </Button>
          ) : null
        }
      />
      {pages.error ? (
        <Failed error={pages.error} retry={pages.retry} page />
      ) : !rows ? (
        <Loading />
      ) : (
        <Panel title={t('put_away.waiting')} flush>
          {rows.length === 0 ? <p className={classes.none}>{t('put_away.none')}</p> : null}
          <ul className={classes.rows}>
            {rows.map((row) => (
              <li key={[row.item_id, row.location_id, row.lot, row.serial].join(' ')}>
                <span className={classes.what}>
                  <Link to="/items/$itemId" params={{ itemId: row.item_id }}>
                    <Code>{row.item.code}</Code> {row.item.name}
                  </Link>{' '}
                  <Code>{row.location.code}</Code>
                  {row.to_location ? (
                    <>
                      {' → '}
                      <Code>{row.to_location.code}</Code>
                    </>
                  ) : null}
                  {row.lot ?? row.serial ? <span className={classes.quiet}> {row.lot ?? row.serial}</span> : null}
                </span>
                <span className={classes.figure}>
                  {quantity(row.quantity, locale)} {row.unit}
                </span>
                <span className={`${classes.quiet} ${classes.figure}`}>{instant(row.arrived_at, locale, zone)}</span>
                {moves ? (
                  <Button aria-label={t('put_away.of', { code: [row.item.code, row.lot ?? row.serial].filter(Boolean).join(' ') })} onClick={() => setAsked({ what: 'row', row })}>
                    {t('do.put_away')}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
          {pages.more ? (
            <div className={classes.foot}>
              <Button onClick={() => pages.onVisible(0, rows.length)}>{t('put_away.more')}</Button>
            </div>
          ) : null}
        </Panel>
      )}
      {asked?.what === 'find' ? <PartSheet title={t('put_away.scan')} code={asked.code} onClose={close} onItem={(itemId) => setAsked({ what: 'item', itemId })} /> : null}
      {asked?.what === 'item' ? <PutAwayItem itemId={asked.itemId} onClose={close} /> : null}
      {asked?.what === 'row' ? <PutAwaySheet waiting={asked.row} onClose={close} /> : null}
    </article>
  )
}
