import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { ChoiceField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { quantity } from '../../kit/figures'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { effectOf, fieldsOf, movementBody, movementKinds, type MovementValues, noMovement } from './movements'
import { PickField } from './PickField'
import { type Item, itemStockQuery, stockKeys } from './queries'
import { costCenters, shelves, storerooms, workOrders } from './sources'
import { UnitField } from './UnitField'
import { unitsOf } from './units'

interface MovementSheetProps {
  item: Item
  /** What the sheet begins with. */
  start?: Partial<MovementValues>
  /** What it is about is fixed: the kind is not asked for. */
  fixed?: boolean
  onClose: () => void
}

/** Moves stock of one item: one sheet for every kind of movement, with what lies there before and after. */
export function MovementSheet({ item, start, fixed = false, onClose }: MovementSheetProps) {
  const { t } = useTranslation('stock')
  const may = useMay()
  const { locale, currency } = usePlace()
  const form = useFields<MovementValues>({ ...noMovement, unit: item.unit, ...start })
  const stock = useQuery(itemStockQuery(item.id)).data
  const move = useCommand(
    (body: Schemas['StockMovementBody'], key: string) => ok(api.POST('/v1/stock-movements', { params: { header: { 'Idempotency-Key': key } }, body })),
    { refresh: stockKeys, done: onClose },
  )
  const { kind, unit } = form.values
  const fields = fieldsOf(kind)
  const serial = item.tracking === 'serial'
  const effect = unit === item.unit ? effectOf(stock, form.values) : undefined
  const written = (value: string) => `${quantity(value, locale)} ${item.unit}`
  const send = () => move.mutate(movementBody(item, form.values), { onError: (error) => void form.refuse(error) })
  return (
    <Sheet title={t('movement.title', { code: item.code })} onClose={onClose} submit={t(`do.${kind}`)} onSubmit={send} busy={move.isPending}>
      <FormProblem form={form} error={move.error} again={send} />
      {fixed ? null : <ChoiceField form={form} name="kind" label={t('movement.kind')} choices={movementKinds.map((value) => ({ value, label: t(`kind.${value}`) }))} />}
      <PickField form={form} name="location_id" label={t(kind === 'receipt' || kind === 'return' ? 'movement.into' : kind === 'adjustment' ? 'movement.at' : 'movement.from')} source={storerooms} />
      {fields.to ? <PickField form={form} name="to_location_id" label={t('movement.to')} source={kind === 'put_away' ? shelves : storerooms} /> : null}
      {serial && kind !== 'adjustment' ? null : (
        <DecimalField form={form} name="quantity" label={t('quantity')} unit={unit} help={effect ? t('movement.effect', { now: written(effect.now), after: written(effect.after) }) : kind === 'adjustment' ? t('movement.signed') : undefined} />
      )}
      <UnitField form={form} units={unitsOf(item)} />
      {serial ? <TextField form={form} name="serial" label={t('serial')} /> : null}
      {item.tracking === 'lot' ? <TextField form={form} name="lot" label={t('lot')} /> : null}
      {fields.cost ? <DecimalField form={form} name="unit_cost" label={t('movement.unit_cost')} unit={currency} optional help={t('movement.unit_cost_help')} /> : null}
      {fields.charge ? <PickField form={form} name="work_order_id" label={t('work_order')} source={workOrders} optional /> : null}
      {fields.charge && !form.values.work_order_id && may('cost_centers.read') ? <PickField form={form} name="cost_center_id" label={t('cost_center')} source={costCenters} optional /> : null}
      <TextField form={form} name="reason" label={t('reason')} optional={!fields.reason} />
    </Sheet>
  )
}
