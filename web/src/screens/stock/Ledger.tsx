import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { instant, money, quantity } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import { useSheet } from '../../kit/useSheet'
import classes from './Page.module.css'
import type { StockMovement } from './queries'
import { ReverseSheet } from './ReverseSheet'

const pageSize = 50

/** Every movement of an item or for a work order, newest first. None is ever changed: a mistake is taken back by another. */
export function Ledger({ of }: { of: { item_id: string } | { work_order_id: string } }) {
  const { t } = useTranslation('stock')
  const ofItem = 'item_id' in of
  const query = { ...(ofItem ? { item_id: [of.item_id] } : { work_order_id: [of.work_order_id] }), sort: '-posted_at' as const, limit: pageSize }
  const pages = usePages<StockMovement>(['stock-movements', 'of', of], (cursor, signal) => ok(api.GET('/v1/stock-movements', { params: { query: { ...query, cursor } }, signal })))
  const { sheet: reversing, open: setReversing, close } = useSheet<StockMovement>()
  const { rows } = pages
  return (
    <Panel title={t('ledger')} flush>
      {pages.error ? <Failed error={pages.error} retry={pages.retry} /> : !rows ? <Loading rows={4} /> : rows.length === 0 ? <p className={classes.none}>{t('ledger.none')}</p> : null}
      {rows && rows.length > 0 ? (
        <ul className={classes.rows}>
          {rows.map((movement) => (
            <Row key={movement.id} movement={movement} ofItem={ofItem} onReverse={() => setReversing(movement)} />
          ))}
        </ul>
      ) : null}
      {rows && pages.more ? (
        <div className={classes.foot}>
          <Button onClick={() => pages.onVisible(0, rows.length)}>{t('ledger.older')}</Button>
        </div>
      ) : null}
      {reversing ? <ReverseSheet movement={reversing} onClose={close} /> : null}
    </Panel>
  )
}

function Row({ movement, ofItem, onReverse }: { movement: StockMovement; ofItem: boolean; onReverse: () => void }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const { kind, location, to_location, work_order, purchase_order, transfer_id, lot, serial, reason, actor, reversed_by } = movement
  // What came on an order or is on its way is corrected there.
  const reversible = may('stock_movements.write') && !reversed_by && kind !== 'reversal' && !purchase_order && !transfer_id
  return (
    <li>
      <span className={classes.what}>
        <strong>{t(`kind.${kind}`)}</strong>{' '}
        {ofItem ? null : (
          <>
            <Link to="/items/$itemId" params={{ itemId: movement.item_id }}>
              <Code>{movement.item.code}</Code> {movement.item.name}
            </Link>{' '}
          </>
        )}
        <Code>{location.code}</Code>
        {to_location ? (
          <>
            {' → '}
            <Code>{to_location.code}</Code>
          </>
        ) : null}
        {lot ?? serial ? <span className={classes.quiet}> {lot ?? serial}</span> : null}
        {reversed_by ? <span className={classes.quiet}> {t('ledger.reversed')}</span> : null}
      </span>
      {ofItem && work_order && may('work_orders.read') ? (
        <Go href={`/work-orders/${work_order.id}`}>
          <RecordNumber value={work_order.number ?? work_order.code ?? ''} />
        </Go>
      ) : null}
      {purchase_order && may('purchase_orders.read') ? (
        <Go href={`/purchase-orders/${purchase_order.id}`}>
          <RecordNumber value={purchase_order.number ?? ''} />
        </Go>
      ) : null}
      <span className={classes.figure}>
        {quantity(movement.quantity, locale)} {movement.unit}
        {movement.entered ? ` (${quantity(movement.entered.quantity, locale)} ${movement.entered.unit})` : null}
      </span>
      {movement.value ? <span className={classes.figure}>{money(movement.value, locale)}</span> : null}
      <span className={`${classes.quiet} ${classes.figure}`}>{instant(movement.posted_at, locale, zone)}</span>
      {reversible ? (
        <Button aria-label={t('reverse.this', { kind: t(`kind.${kind}`), quantity: quantity(movement.quantity, locale) })} onClick={onReverse}>
          {t('reverse')}
        </Button>
      ) : null}
      {reason || actor ? <span className={`${classes.wide} ${classes.quiet}`}>{[actor?.name, reason].filter(Boolean).join(': ')}</span> : null}
    </li>
  )
}
