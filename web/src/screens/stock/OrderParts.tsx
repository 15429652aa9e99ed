import { Button } from '@mantine/core'
import { IconPackageExport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Code } from '../../kit/Code'
import { CommandProblem } from '../../kit/CommandProblem'
import { ChoiceField, DateField, DecimalField, FormProblem } from '../../kit/Fields'
import { decimalOf } from '../../kit/faults'
import { date, quantity, today as todayAt } from '../../kit/figures'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { State } from '../../kit/State'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { MovementSheet } from './MovementSheet'
import classes from './Page.module.css'
import { PickField } from './PickField'
import { itemQuery, orderReservationsQuery, type Reservation, stockKeys } from './queries'
import type { Picked, PickedItem } from './picked'
import { items, storerooms } from './sources'

interface OrderPartsProps {
  order: { id: string; number: string; title: string; status: string }
}

const over = new Set(['closed', 'cancelled'])

/** The parts of a work order: what is held for it, what has still to come, and what it got. */
export function OrderParts({ order }: OrderPartsProps) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, zone } = usePlace()
  const parts = useQuery(orderReservationsQuery(order.id))
  const [reserving, setReserving] = useState(false)
  const [issuing, setIssuing] = useState<Reservation>()
  const release = useCommand(({ id }: { id: string }, key: string) => ok(api.POST('/v1/reservations/{id}/release', { params: { path: { id }, header: { 'Idempotency-Key': key } } })), { refresh: stockKeys })
  if (!parts.data) return parts.error ? <Failed error={parts.error} retry={() => void parts.refetch()} /> : <Loading rows={3} />
  const open = !over.has(order.status)
  const written = (value: string, unit: string) => `${quantity(value, locale)} ${unit}`
  return (
    <div className={classes.column}>
      {open && may('reservations.write') ? (
        <div>
          <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setReserving(true)}>
            {t('reserve')}
          </Button>
        </div>
      ) : null}
      <CommandProblem error={release.error} again={() => release.variables && release.mutate(release.variables)} />
      {parts.data.length === 0 ? <Note title={t('parts.none')}>{t('parts.none_help')}</Note> : null}
      <ul className={classes.rows}>
        {parts.data.map((part) => {
          const waits = part.status === 'reserved' || part.status === 'backordered'
          return (
            <li key={part.id}>
              <State noun="reservation" state={part.status} />
              <span className={classes.what}>
                <Link to="/items/$itemId" params={{ itemId: part.item_id }}>
                  <Code>{part.item.code}</Code> {part.item.name}
                </Link>
              </span>
              <span className={classes.figure}>{written(part.quantity, part.unit)}</span>
              {waits && may('stock_movements.write') && part.held !== '0' ? (
                <Button leftSection={<IconPackageExport size={16} stroke={1.75} />} aria-label={t('parts.issue_of', { code: part.item.code })} onClick={() => setIssuing(part)}>
                  {t('do.issue')}
                </Button>
              ) : null}
              {waits && may('reservations.write') ? (
                <Button aria-label={t('parts.release_of', { code: part.item.code })} onClick={() => release.mutate({ id: part.id })}>
                  {t('parts.release')}
                </Button>
              ) : null}
              <span className={`${classes.wide} ${classes.quiet}`}>
                {t('parts.progress', { held: written(part.held, part.unit), missing: quantity(part.missing, locale), issued: quantity(part.issued, locale), place: part.location.code ?? part.location.name })}
                {part.expires_on ? ` ${t('until', { date: date(part.expires_on, locale, todayAt(zone)) })}` : null}
              </span>
            </li>
          )
        })}
      </ul>
      {reserving ? <ReserveSheet order={order} onClose={() => setReserving(false)} /> : null}
      {issuing ? <IssueSheet order={order} part={issuing} onClose={() => setIssuing(undefined)} /> : null}
    </div>
  )
}

/** Hands out what is held: place, quantity and work order are filled in. */
function IssueSheet({ order, part, onClose }: OrderPartsProps & { part: Reservation; onClose: () => void }) {
  const item = useQuery(itemQuery(part.item_id)).data?.data
  if (!item) return null
  const start = { kind: 'issue', quantity: part.held, location_id: { id: part.location_id, code: part.location.code ?? '', name: part.location.name }, work_order_id: { id: order.id, code: order.number, name: order.title } }
  return <MovementSheet item={item} start={start} fixed onClose={onClose} />
}

interface ReserveValues {
  item_id: PickedItem | null
  location_id: Picked | null
  quantity: string
  kind: string
  expires_on: string
}

function ReserveSheet({ order, onClose }: OrderPartsProps & { onClose: () => void }) {
  const { t } = useTranslation('stock')
  const { zone } = usePlace()
  const form = useFields<ReserveValues>({ item_id: null, location_id: null, quantity: '', kind: 'hard', expires_on: '' })
  const reserve = useCommand(
    (body: Schemas['ReservationBody'], key: string) => ok(api.POST('/v1/work-orders/{id}/reservations', { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: stockKeys, done: onClose },
  )
  const { item_id, location_id, quantity: amount, kind, expires_on } = form.values
  const send = () =>
    reserve.mutate(
      { item_id: item_id?.id ?? '', location_id: location_id?.id ?? '', quantity: decimalOf(amount), kind: kind as 'hard' | 'soft', expires_on: expires_on || undefined },
      { onError: (error) => void form.refuse(error) },
    )
  return (
    <Sheet title={t('reserve.title', { number: order.number })} onClose={onClose} submit={t('reserve')} onSubmit={send} busy={reserve.isPending}>
      <FormProblem form={form} error={reserve.error} again={send} />
      <PickField form={form} name="item_id" label={t('item')} source={items} />
      <PickField form={form} name="location_id" label={t('movement.from')} source={storerooms} />
      <DecimalField form={form} name="quantity" label={t('quantity')} unit={item_id?.unit ?? ''} />
      <ChoiceField form={form} name="kind" label={t('reserve.kind')} choices={['hard', 'soft'].map((value) => ({ value, label: t(`reserve.${value}`) }))} />
      <DateField form={form} name="expires_on" label={t('reserve.expires')} optional min={todayAt(zone)} />
    </Sheet>
  )
}
