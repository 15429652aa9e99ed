import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { DateField, DecimalField, FormProblem, TextField } from '../../kit/Fields'
import { today } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { type Fields, partOf, useFields } from '../../kit/useFields'
import { useUnsaved } from '../../kit/useUnsaved'
import { RefField } from '../assets/RefField'
import classes from '../purchase-orders/OrderForm.module.css'
import { PickField } from '../stock/PickField'
import { itemQuery } from '../stock/queries'
import { costCenters, items, workOrders } from '../stock/sources'
import { UnitField } from '../stock/UnitField'
import { pickedItem } from '../stock/units'
import { workOrderQuery } from '../work-orders/detail/order'
import { bodyOf, emptyLine, type WantedDraft, type WantedLine } from './draft'
import { requisitionKeys } from './queries'

const route = getRouteApi('/shell/requisitions/new')
const icon = { size: 16, stroke: 1.75 }
const maxLines = 200

/** Asks for something to be bought; the address may say for which item or work order. */
export function NewRequisition() {
  const { item_id, work_order_id } = route.useSearch()
  const item = useQuery({ ...itemQuery(item_id ?? ''), enabled: item_id !== undefined })
  const order = useQuery({ ...workOrderQuery(work_order_id ?? ''), enabled: work_order_id !== undefined })
  if (item.isLoading || order.isLoading) return <Loading />
  const line: WantedLine = {
    ...emptyLine(),
    unit: item.data?.data.unit ?? '',
    item_id: item.data ? pickedItem(item.data.data) : null,
    work_order_id: order.data ? { id: order.data.data.id, code: order.data.data.number, name: order.data.data.title } : null,
  }
  return <Form first={line} />
}

function Form({ first }: { first: WantedLine }) {
  const { t } = useTranslation('requisitions')
  const navigate = useNavigate()
  const { zone } = usePlace()
  const [start] = useState<WantedDraft>({ note: '', needed_on: '', department_id: null, lines: [first] })
  const form = useFields(start)
  const create = useCommand((body: Schemas['RequisitionBody'], key: string) => ok(api.POST('/v1/requisitions', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: requisitionKeys,
    done: ({ id }) => void navigate({ to: '/requisitions/$requisitionId', params: { requisitionId: id }, ignoreBlocker: true }),
  })
  useUnsaved(form.dirty && !create.isPending)
  const send = () => create.mutate(bodyOf(form.values), { onError: (error) => void form.refuse(error) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!create.isPending) send()
  }
  const { lines } = form.values
  const setLine = (at: number, line: WantedLine | null) => form.set('lines', line ? lines.map((old, index) => (index === at ? line : old)) : lines.filter((_, index) => index !== at))
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <PageTitle
        title={t('new')}
        note={form.dirty ? t('common:not_saved') : undefined}
        actions={<Button onClick={() => void navigate({ to: '/requisitions' })}>{t('common:cancel')}</Button>}
        main={
          <Button type="submit" variant="filled" loading={create.isPending}>
            {t('create')}
          </Button>
        }
      />
      <div className={classes.fields}>
        <FormProblem form={form} error={create.error} again={send} />
        {lines.map((line, at) => (
          <fieldset key={line.key} className={classes.line}>
            <legend>{t('line', { number: at + 1 })}</legend>
            {lines.length > 1 ? (
              <ActionIcon className={classes.remove} variant="default" aria-label={t('line.remove', { number: at + 1 })} onClick={() => setLine(at, null)}>
                <IconTrash {...icon} />
              </ActionIcon>
            ) : null}
            <Line form={partOf(form, `lines.${at}`, line, (changed) => setLine(at, changed))} />
          </fieldset>
        ))}
        {lines.length < maxLines ? (
          <div>
            <Button leftSection={<IconPlus {...icon} />} onClick={() => form.set('lines', [...lines, emptyLine()])}>
              {t('line.add')}
            </Button>
          </div>
        ) : null}
        <div className={classes.pair}>
          <DateField form={form} name="needed_on" label={t('needed_on')} min={today(zone)} optional />
          <RefField form={form} name="department_id" label={t('department')} kind="department" optional />
        </div>
        <TextField form={form} name="note" label={t('note')} optional help={t('note.help')} />
      </div>
    </form>
  )
}

function Line({ form }: { form: Fields<WantedLine> }) {
  const { t } = useTranslation('requisitions')
  const may = useMay()
  const { item_id, work_order_id, unit } = form.values
  return (
    <>
      {may('items.read') ? <PickField form={form} name="item_id" label={t('item')} source={items} optional onPicked={(item) => form.set('unit', item?.unit ?? '')} /> : null}
      {item_id ? null : <TextField form={form} name="description" label={t('what')} maxLength={300} />}
      <div className={classes.pair}>
        <DecimalField form={form} name="quantity" label={t('quantity')} unit={unit || (item_id?.unit ?? '')} />
        {item_id ? <UnitField form={form} units={item_id.units ?? []} /> : <TextField form={form} name="unit" label={t('unit')} maxLength={64} optional />}
      </div>
      {may('work_orders.read') ? <PickField form={form} name="work_order_id" label={t('work_order')} source={workOrders} optional /> : null}
      {!work_order_id && may('cost_centers.read') ? <PickField form={form} name="cost_center_id" label={t('cost_center')} source={costCenters} optional /> : null}
    </>
  )
}
