import { ActionIcon, Button } from '@mantine/core'
import { IconCamera, IconX } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, newKey, ok, type Schemas } from '../../api/client'
import { useMay } from '../../api/me'
import { AreaField, FormProblem, TextField } from '../../kit/Fields'
import { PageTitle } from '../../kit/PageTitle'
import { PlaceField } from '../../kit/PlaceField'
import type { WorkPlace } from '../../kit/places'
import { Loading } from '../../kit/ScreenStates'
import { sendFile } from '../../kit/sendFile'
import { useBegin } from '../../kit/useBegin'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { usePlaceById } from '../../kit/usePlaceById'
import { useUnsaved } from '../../kit/useUnsaved'
import { useRefusal } from '../work-orders/detail/CommandSheet'
import formClasses from '../work-orders/new/NewWorkOrder.module.css'
import { OpenHere } from '../work-orders/new/OpenHere'
import classes from './ReportForm.module.css'

const route = getRouteApi('/shell/requests/new')

/** Reports a need for work: where, what, and pictures. */
export function ReportForm() {
  const place = usePlaceById(route.useSearch())
  return place === undefined ? <Loading /> : <Form place={place} />
}

interface Picture {
  key: string
  file: File
  address: string
}

function Form({ place }: { place: WorkPlace | null }) {
  const { t } = useTranslation('work-request')
  const may = useMay()
  const navigate = useNavigate()
  const camera = useRef<HTMLInputElement>(null)
  const [pictures, setPictures] = useState<Picture[]>([])
  const form = useFields({ asset_id: place, title: '', description: '' })
  const [saved, setSaved] = useState(false)
  useEffect(() => () => pictures.forEach(({ address }) => URL.revokeObjectURL(address)), [])

  // The report counts once whatever happens to its pictures: each try sends what has not arrived, under its own key.
  const arrived = useRef(new Set<string>())
  const send = useCommand(
    async (body: Schemas['CreateWorkRequestBody'], key) => {
      const request = await ok(api.POST('/v1/work-requests', { params: { header: { 'Idempotency-Key': key } }, body }))
      for (const picture of pictures) {
        if (arrived.current.has(picture.key)) continue
        await sendFile({ type: 'work_request', id: request.id }, picture.file, { key: picture.key })
        arrived.current.add(picture.key)
      }
      return request
    },
    {
      refresh: ['work-requests', 'attachments'],
      done: (request) => {
        setSaved(true)
        void navigate({ to: '/requests/$id', params: { id: request.id }, replace: true, ignoreBlocker: true })
      },
    },
  )
  useRefusal(form, send.error)
  useBegin(form, place ? 'title' : 'asset_id')
  useUnsaved((form.dirty || pictures.length > 0) && !saved)

  const { values } = form
  const submit = () => {
    if (send.isPending) return
    send.mutate({
      title: values.title.trim(),
      description: values.description.trim() || undefined,
      asset_id: values.asset_id?.kind === 'asset' ? values.asset_id.id : undefined,
      location_id: values.asset_id?.kind === 'location' ? values.asset_id.id : undefined,
    })
  }
  const enter = (event: FormEvent) => {
    event.preventDefault()
    submit()
  }
  const add = (files: FileList | null) => setPictures((old) => [...old, ...[...(files ?? [])].map((file) => ({ key: newKey(), file, address: URL.createObjectURL(file) }))])
  const shown = useMemo(() => pictures.filter(({ file }) => file.type.startsWith('image/')), [pictures])
  return (
    <form className={formClasses.screen} onSubmit={enter} noValidate>
      <PageTitle
        title={t('new.title')}
        main={
          <Button type="submit" variant="filled" loading={send.isPending}>
            {t('new.submit')}
          </Button>
        }
      />
      <div className={formClasses.columns}>
        <div className={formClasses.fields}>
          <FormProblem form={form} error={send.error} again={submit} />
          <PlaceField form={form} name="asset_id" label={t('new.place')} help={t('new.place_help')} />
          <TextField form={form} name="title" label={t('new.what')} help={t('new.what_help')} maxLength={300} />
          <AreaField form={form} name="description" label={t('new.more')} rows={4} optional />
          {may('attachments.write') ? (
            <div className={classes.pictures}>
              {shown.map((picture) => (
                <span key={picture.key} className={classes.picture}>
                  <img src={picture.address} alt={picture.file.name} width={96} height={72} />
                  <ActionIcon className={classes.remove} variant="default" aria-label={t('new.remove', { name: picture.file.name })} onClick={() => setPictures((old) => old.filter(({ key }) => key !== picture.key))}>
                    <IconX size={14} stroke={1.75} />
                  </ActionIcon>
                </span>
              ))}
              <input
                ref={camera}
                type="file"
                accept="image/*"
                capture="environment"
                multiple
                hidden
                aria-label={t('new.photo')}
                onChange={(event) => {
                  add(event.currentTarget.files)
                  event.currentTarget.value = ''
                }}
              />
              <Button leftSection={<IconCamera size={16} stroke={1.75} />} onClick={() => camera.current?.click()}>
                {t('new.photo')}
              </Button>
            </div>
          ) : null}
        </div>
        <OpenHere place={values.asset_id} />
      </div>
    </form>
  )
}
