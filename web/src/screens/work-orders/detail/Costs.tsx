import { Button, Table } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { ChoiceField, DateField, DecimalField, FormProblem, TextField } from '../../../kit/Fields'
import { decimalOf } from '../../../kit/faults'
import { date, type Money, money, today } from '../../../kit/figures'
import { Loading, Note } from '../../../kit/ScreenStates'
import { Sheet } from '../../../kit/Sheet'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { useRefusal } from './CommandSheet'
import classes from './Hours.module.css'
import type { WorkOrder } from './order'
import { sum } from './sums'

interface CostsProps {
  order: WorkOrder
  labor: Schemas['LaborEntry'][] | undefined
  costs: Schemas['WorkOrderCost'][] | undefined
  total: Money | undefined
}

/** What an order has cost: labor in one line, services and other costs one by one. */
export function Costs({ order, labor, costs, total }: CostsProps) {
  const { t } = useTranslation('work-order')
  const may = useMay()
  const { locale, zone } = usePlace()
  const [open, setOpen] = useState(false)
  if (!labor || !costs) return <Loading rows={3} />
  const amounts = labor.flatMap((entry) => entry.amount ?? [])
  const records = may('costs.write') && order.status !== 'cancelled' && order.status !== 'waiting_approval'
  return (
    <div className={classes.hours}>
      {records ? (
        <div className={classes.top}>
          <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setOpen(true)}>
            {t('cost.add')}
          </Button>
        </div>
      ) : null}
      {!total ? (
        <Note title={t('cost.empty')} />
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('cost.what')}</Table.Th>
              <Table.Th>{t('cost.kind')}</Table.Th>
              <Table.Th>{t('cost.day')}</Table.Th>
              <Table.Th className={classes.figure}>{t('cost.amount')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {amounts.length > 0 ? (
              <Table.Tr>
                <Table.Td>{t('cost.labor_lines', { count: labor.length })}</Table.Td>
                <Table.Td>{t('cost.labor')}</Table.Td>
                <Table.Td />
                <Table.Td className={classes.figure}>{money({ amount: sum(amounts.map(({ amount }) => amount)), currency: total.currency }, locale)}</Table.Td>
              </Table.Tr>
            ) : null}
            {costs.map((cost) => (
              <Table.Tr key={cost.id}>
                <Table.Td>{cost.description}</Table.Td>
                <Table.Td>{t(`cost.${cost.kind}`)}</Table.Td>
                <Table.Td>{date(cost.incurred_on, locale, today(zone))}</Table.Td>
                <Table.Td className={classes.figure}>{money(cost.amount, locale)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Td colSpan={3}>{t('total')}</Table.Td>
              <Table.Td className={classes.figure}>{money(total, locale)}</Table.Td>
            </Table.Tr>
            {order.estimated_cost ? (
              <Table.Tr>
                <Table.Td colSpan={3}>{t('fact.estimate')}</Table.Td>
                <Table.Td className={classes.figure}>{money(order.estimated_cost, locale)}</Table.Td>
              </Table.Tr>
            ) : null}
          </Table.Tfoot>
        </Table>
      )}
      {open ? <CostSheet order={order} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

function CostSheet({ order, onClose }: { order: WorkOrder; onClose: () => void }) {
  const { t } = useTranslation('work-order')
  const { locale, zone, currency } = usePlace()
  const form = useFields({ kind: 'services', description: '', amount: '', incurred_on: today(zone) })
  const send = useCommand(
    (body: Schemas['RecordCostBody'], key) => ok(api.POST('/v1/work-orders/{id}/costs', { params: { path: { id: order.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['work-orders', 'assets'], done: onClose },
  )
  useRefusal(form, send.error)
  const { kind, description, amount, incurred_on } = form.values
  const decimal = decimalOf(amount)
  const submit = () => send.mutate({ kind: kind as Schemas['RecordCostBody']['kind'], description: description.trim(), amount: decimal, incurred_on: incurred_on || undefined })
  const named = /^-?\d+(\.\d+)?$/.test(decimal) ? t('cost.submit_amount', { amount: money({ amount: decimal, currency }, locale) }) : t('cost.submit')
  return (
    <Sheet title={t('cost.title')} submit={named} onSubmit={submit} onClose={onClose} busy={send.isPending}>
      <FormProblem form={form} error={send.error} again={submit} />
      <ChoiceField form={form} name="kind" label={t('cost.kind')} choices={['services', 'other'].map((value) => ({ value, label: t(`cost.${value}`) }))} />
      <TextField form={form} name="description" label={t('cost.what')} autoFocus />
      <DecimalField form={form} name="amount" label={t('cost.amount')} unit={currency} help={t('cost.credit')} />
      <DateField form={form} name="incurred_on" label={t('cost.day')} />
    </Sheet>
  )
}
