import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { instant, quantity } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useSheet } from '../../kit/useSheet'
import classes from './Page.module.css'
import { onTheWayQuery, type StockTransfer } from './queries'
import { TransferSheet } from './TransferSheet'

/** All stock that travels between storerooms, to be received or explained. */
export function OnTheWayPage() {
  const { t } = useTranslation('stock')
  const transfers = useQuery(onTheWayQuery())
  return (
    <article className={classes.page}>
      <PageTitle title={t('on_the_way')} />
      {transfers.error ? <Failed error={transfers.error} retry={() => void transfers.refetch()} page /> : !transfers.data ? <Loading /> : <Transfers transfers={transfers.data} />}
    </article>
  )
}

/** What of one item travels; nothing where none does. */
export function OnTheWay({ itemId }: { itemId: string }) {
  const transfers = useQuery(onTheWayQuery(itemId)).data
  return transfers && transfers.length > 0 ? <Transfers transfers={transfers} ofItem /> : null
}

function Transfers({ transfers, ofItem = false }: { transfers: StockTransfer[]; ofItem?: boolean }) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const { sheet: asked, open: setAsked, close } = useSheet<StockTransfer>()
  return (
    <Panel title={t('on_the_way')} flush>
      {transfers.length === 0 ? <p className={classes.none}>{t('on_the_way.none')}</p> : null}
      <ul className={classes.rows}>
        {transfers.map((transfer) => (
          <li key={transfer.id}>
            <span className={classes.what}>
              <RecordNumber value={transfer.number} />{' '}
              {ofItem ? null : (
                <Link to="/items/$itemId" params={{ itemId: transfer.item_id }}>
                  <Code>{transfer.item.code}</Code> {transfer.item.name}
                </Link>
              )}{' '}
              <Code>{transfer.location.code}</Code> → <Code>{transfer.to_location.code}</Code>
            </span>
            <span className={classes.figure}>
              {t('of', { part: quantity(transfer.open, locale), whole: quantity(transfer.quantity, locale) })} {transfer.unit}
            </span>
            <span className={`${classes.quiet} ${classes.figure}`}>{instant(transfer.sent_at, locale, zone)}</span>
            {may('stock_movements.write') ? (
              <Button aria-label={t('transfer.settle_of', { number: transfer.number })} onClick={() => setAsked(transfer)}>
                {t('transfer.settle')}
              </Button>
            ) : null}
            {transfer.reason || transfer.actor ? <span className={`${classes.wide} ${classes.quiet}`}>{[transfer.actor?.name, transfer.reason].filter(Boolean).join(': ')}</span> : null}
          </li>
        ))}
      </ul>
      {asked ? <TransferSheet transfer={asked} onClose={close} /> : null}
    </Panel>
  )
}
