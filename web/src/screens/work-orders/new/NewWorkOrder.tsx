import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../../api/client'
import { usePlace } from '../../../api/me'
import { AreaField, ChoiceField, DateField, DecimalField, FormProblem, TextField } from '../../../kit/Fields'
import { decimalOf } from '../../../kit/faults'
import { PageTitle } from '../../../kit/PageTitle'
import { PlaceField } from '../../../kit/PlaceField'
import type { WorkPlace } from '../../../kit/places'
import { Loading } from '../../../kit/ScreenStates'
import { Priority } from '../../../kit/State'
import { useBegin } from '../../../kit/useBegin'
import { useCommand } from '../../../kit/useCommand'
import { useFields } from '../../../kit/useFields'
import { usePlaceById } from '../../../kit/usePlaceById'
import { useUnsaved } from '../../../kit/useUnsaved'
import { useRefusal } from '../detail/CommandSheet'
import classes from './NewWorkOrder.module.css'
import { OpenHere } from './OpenHere'
import { Warranty } from './Warranty'

const route = getRouteApi('/shell/work-orders/new')

/** Creates a work order; what is open at the same place stands beside the form. */
export function NewWorkOrder() {
  const place = usePlaceById(route.useSearch())
  return place === undefined ? <Loading /> : <Form place={place} />
}

function Form({ place }: { place: WorkPlace | null }) {
  const { t } = useTranslation('work-order')
  const { currency } = usePlace()
  const navigate = useNavigate()
  const form = useFields({ title: '', asset_id: place, type: 'corrective', priority: 'medium', due_on: '', planned_hours: '', estimated_cost: '', description: '' })
  const saved = useRef(false)
  const send = useCommand((body: Schemas['CreateWorkOrderBody'], key) => ok(api.POST('/v1/work-orders', { params: { header: { 'Idempotency-Key': key } }, body })), {
    refresh: ['work-orders'],
    done: (order) => {
      saved.current = true
      void navigate({ to: '/work-orders/$id', params: { id: order.id }, replace: true, ignoreBlocker: true })
    },
  })
  useRefusal(form, send.error)
  useBegin(form, place ? 'title' : 'asset_id')
  useUnsaved(form.dirty && !saved.current)

  const { values } = form
  const submit = () => {
    if (send.isPending) return
    send.mutate({
      title: values.title.trim(),
      asset_id: values.asset_id?.kind === 'asset' ? values.asset_id.id : undefined,
      location_id: values.asset_id?.kind === 'location' ? values.asset_id.id : undefined,
      type: values.type as Schemas['CreateWorkOrderBody']['type'],
      priority: values.priority as Schemas['CreateWorkOrderBody']['priority'],
      due_on: values.due_on || undefined,
      planned_hours: decimalOf(values.planned_hours) || undefined,
      estimated_cost: decimalOf(values.estimated_cost) || undefined,
      description: values.description.trim() || undefined,
    })
  }
  useHotkeys([['mod+S', submit]], [])
  const enter = (event: FormEvent) => {
    event.preventDefault()
    submit()
  }
  return (
    <form className={classes.screen} onSubmit={enter} noValidate>
      <PageTitle
        title={t('new.title')}
        note={form.dirty ? t('common:not_saved') : undefined}
        main={
          <Button type="submit" variant="filled" loading={send.isPending}>
            {t('new.submit')}
          </Button>
        }
      />
      <div className={classes.columns}>
        <div className={classes.fields}>
          <FormProblem form={form} error={send.error} again={submit} />
          <PlaceField form={form} name="asset_id" label={t('new.place')} help={t('new.place_help')} />
          <Warranty place={values.asset_id} />
          <TextField form={form} name="title" label={t('field.title')} help={t('new.title_help')} maxLength={300} />
          <ChoiceField form={form} name="type" label={t('field.type')} choices={['corrective', 'preventive', 'inspection', 'improvement'].map((value) => ({ value, label: t(`type.${value}`) }))} />
          <ChoiceField
            form={form}
            name="priority"
            label={t('field.priority')}
            choices={['low', 'medium', 'high', 'critical'].map((value) => ({ value, label: t(`states:priority.${value}`), icon: <Priority value={value} /> }))}
          />
          <DateField form={form} name="due_on" label={t('field.due_on')} optional />
          <DecimalField form={form} name="planned_hours" label={t('field.planned_hours')} unit={t('unit.hours')} optional />
          <DecimalField form={form} name="estimated_cost" label={t('field.estimated_cost')} unit={currency} optional />
          <AreaField form={form} name="description" label={t('field.description')} rows={4} optional />
        </div>
        <OpenHere place={values.asset_id} />
      </div>
    </form>
  )
}
