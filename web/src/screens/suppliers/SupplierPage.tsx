import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code, RecordNumber } from '../../kit/Code'
import { money, quantity } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useSheet } from '../../kit/useSheet'
import { CodedHead } from '../stock/CodedHead'
import { FactList } from '../stock/FactList'
import classes from '../stock/Page.module.css'
import { PriceSheet } from './PriceSheet'
import { type CatalogEntry, type Supplier, supplierOrdersQuery, supplierPricesQuery, supplierQuery } from './queries'
import { SupplierSheet } from './SupplierSheet'

const route = getRouteApi('/shell/suppliers/$supplierId')
const icon = { size: 16, stroke: 1.75 }

/** One supplier: how it is reached, what it asks for which item, and what was ordered from it. */
export function SupplierPage() {
  const { supplierId } = route.useParams()
  const read = useQuery(supplierQuery(supplierId))
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  return <Page key={supplierId} supplier={read.data} />
}

function Page({ supplier }: { supplier: Supplier }) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const { locale } = usePlace()
  const [editing, setEditing] = useState(false)
  const out = Boolean(supplier.archived_at)
  const archive = useCommand(
    (path: '/v1/suppliers/{id}/archive' | '/v1/suppliers/{id}/restore', key: string) => ok(api.POST(path, { params: { path: { id: supplier.id }, header: { 'Idempotency-Key': key } } })),
    { refresh: ['suppliers'] },
  )
  const turn = () => archive.mutate(out ? '/v1/suppliers/{id}/restore' : '/v1/suppliers/{id}/archive')
  return (
    <article className={classes.page}>
      <CodedHead record={supplier} writes={may('suppliers.write')} onEdit={() => setEditing(true)} onTurn={turn} error={archive.error} />
      <div className={classes.body}>
        <div className={classes.column}>
          {may('catalog.read') ? <Prices supplier={supplier} /> : null}
          {may('purchase_orders.read') ? <Orders supplier={supplier} /> : null}
        </div>
        <div className={classes.column}>
          <Panel title={t('supplier.facts')} flush>
            <FactList
              facts={[
                [t('fact.email'), supplier.email || t('supplier.no_email')],
                [t('fact.phone'), supplier.phone],
                [t('fact.lead_days'), supplier.lead_days === undefined ? undefined : t('in_days', { count: supplier.lead_days })],
                [t('fact.receipt_tolerance'), supplier.receipt_tolerance_pct && `${quantity(supplier.receipt_tolerance_pct, locale)} %`],
                [t('fact.price_tolerance'), supplier.price_tolerance_pct && `${quantity(supplier.price_tolerance_pct, locale)} %`],
              ]}
            />
          </Panel>
        </div>
      </div>
      {editing ? <SupplierSheet supplier={supplier} onClose={() => setEditing(false)} /> : null}
    </article>
  )
}

function Prices({ supplier }: { supplier: Supplier }) {
  const { t } = useTranslation('purchasing')
  const may = useMay()
  const { locale } = usePlace()
  const { sheet, open: setSheet, close } = useSheet<{ entry?: CatalogEntry }>()
  const prices = useQuery(supplierPricesQuery(supplier.id))
  const writes = may('catalog.write') && !supplier.archived_at
  return (
    <Panel
      title={t('prices')}
      flush
      action={
        writes ? (
          <Button leftSection={<IconPlus {...icon} />} onClick={() => setSheet({})}>
            {t('price.new')}
          </Button>
        ) : null
      }
    >
      {prices.error ? <Failed error={prices.error} retry={() => void prices.refetch()} /> : !prices.data ? <Loading rows={3} /> : prices.data.length === 0 ? <p className={classes.none}>{t('prices.none')}</p> : null}
      <ul className={classes.rows}>
        {prices.data?.map((entry) => (
          <li key={entry.id}>
            <span className={classes.what}>
              <Link to="/items/$itemId" params={{ itemId: entry.item_id }}>
                <Code>{entry.item.code}</Code> {entry.item.name}
              </Link>
            </span>
            {entry.supplier_code ? <Code>{entry.supplier_code}</Code> : null}
            <span className={classes.figure}>{t('price.each', { price: money(entry.price, locale), unit: entry.unit })}</span>
            {writes ? (
              <Button aria-label={t('price.edit_of', { code: entry.item.code })} onClick={() => setSheet({ entry })}>
                {t('edit')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {sheet ? <PriceSheet supplier={supplier} entry={sheet.entry} onClose={close} /> : null}
    </Panel>
  )
}

function Orders({ supplier }: { supplier: Supplier }) {
  const { t } = useTranslation('purchasing')
  const { locale } = usePlace()
  const orders = useQuery(supplierOrdersQuery(supplier.id)).data
  if (!orders) return null
  return (
    <Panel title={t('orders')} flush>
      {orders.length === 0 ? <p className={classes.none}>{t('orders.none')}</p> : null}
      <ul className={classes.rows}>
        {orders.map((order) => (
          <li key={order.id}>
            <span className={classes.what}>
              <Link to="/purchase-orders/$orderId" params={{ orderId: order.id }}>
                <RecordNumber value={order.number} />
              </Link>
            </span>
            <State noun="purchase_order" state={order.status} />
            <span className={classes.figure}>{money(order.amount, locale)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
