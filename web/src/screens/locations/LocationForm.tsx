import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api, ok, type Schemas } from '../../api/client'
import { useMay } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { FormProblem, SelectField, TextField } from '../../kit/Fields'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { type Fields, useFields } from '../../kit/useFields'
import { useSheet } from '../../kit/useSheet'
import { useStale } from '../../kit/useStale'
import { useStored } from '../../kit/useStored'
import { useUnsaved } from '../../kit/useUnsaved'
import { RefField } from '../assets/RefField'
import { refOf, type RefValue } from '../assets/refs'
import { type Location, locationQuery } from '../assets/queries'
import classes from './Locations.module.css'

const route = getRouteApi('/shell/admin/locations')
const kinds = ['site', 'plant', 'building', 'floor', 'room', 'area', 'unit', 'system', 'line', 'position', 'storeroom', 'bin', 'receiving'] as const

interface Values {
  code: string
  name: string
  kind: string
  parent_id: RefValue | null
  time_zone: string
}

function LocationFields({ form, top, moves }: { form: Fields<Values>; top: boolean; moves: boolean }) {
  const { t } = useTranslation('locations')
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <>
      <TextField form={form} name="code" label={t('code')} maxLength={64} />
      <TextField form={form} name="name" label={t('name')} maxLength={300} />
      {top ? null : <SelectField form={form} name="kind" label={t('kind')} choices={kinds.filter((kind) => kind !== 'site').map((value) => ({ value, label: t(`kind.${value}`) }))} />}
      {moves && !top ? <RefField form={form} name="parent_id" label={t('below')} kind="location" /> : null}
      {top ? <SelectField form={form} name="time_zone" label={t('zone')} help={t('zone_help')} choices={zones.map((value) => ({ value, label: value }))} /> : null}
    </>
  )
}

function Frame({ title, submit, busy, onSubmit, actions, children }: { title: string; submit: string; busy: boolean; onSubmit: () => void; actions?: ReactNode; children: ReactNode }) {
  return (
    <form
      className={classes.fields}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onSubmit()
      }}
    >
      <h2>{title}</h2>
      {children}
      <div className={classes.actions}>
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}

/** A new location below another, or a new site. */
export function NewLocation({ below }: { below: string }) {
  const { t } = useTranslation('locations')
  const navigate = route.useNavigate()
  const top = below === 'root'
  const parent = useQuery({ ...locationQuery(below), enabled: !top }).data
  const form = useFields<Values>({ code: '', name: '', kind: top ? 'site' : 'area', parent_id: null, time_zone: top ? Intl.DateTimeFormat().resolvedOptions().timeZone : '' })
  const create = useCommand((body: Schemas['LocationBody'], key: string) => ok(api.POST('/v1/locations', { body, params: { header: { 'Idempotency-Key': key } } })), {
    refresh: ['locations'],
    done: (location) => void navigate({ search: { id: location.id }, ignoreBlocker: true }),
  })
  useUnsaved(form.dirty && !create.isPending)
  const send = () => {
    const { code, name, kind, time_zone } = form.values
    create.mutate({ code, name, kind: kind as 'site', parent_id: top ? undefined : below, time_zone: top ? time_zone : undefined }, { onError: (error) => void form.refuse(error) })
  }
  return (
    <Frame title={top ? t('new_site') : t('new_below', { name: parent?.name ?? '' })} submit={t('create')} busy={create.isPending} onSubmit={send}>
      <FormProblem form={form} error={create.error} again={send} />
      <LocationFields form={form} top={top} moves={false} />
    </Frame>
  )
}

const valuesOf = (location?: Location): Values => ({ code: location?.code ?? '', name: location?.name ?? '', kind: location?.kind ?? '', parent_id: refOf(location?.parent), time_zone: location?.time_zone ?? '' })

function patchOf(values: Values, location: Location): Schemas['LocationPatch'] {
  const start = valuesOf(location)
  const { code, name, kind, parent_id, time_zone } = values
  const body: Schemas['LocationPatch'] = {}
  if (code !== start.code) body.code = code
  if (name !== start.name) body.name = name
  if (kind !== start.kind) body.kind = kind
  if (parent_id?.id !== start.parent_id?.id) body.parent_id = parent_id?.id ?? null
  if (location.parent_id === null && time_zone !== start.time_zone) body.time_zone = time_zone
  return body
}

/** Changes a location, moves it below another, or takes it out of use. */
export function ChangeLocation({ read }: { read: Location }) {
  const { t } = useTranslation('locations')
  const may = useMay()
  const now = { data: read, etag: `"${read.version}"` }
  const { form, base = now, take, begin } = useStored(now, valuesOf)
  const location = base.data
  const top = location.parent_id === null
  // What was asked stays what it is while the answer comes.
  const { sheet: asked, open: ask, close } = useSheet<'archive' | 'restore'>()
  const path = { id: location.id }
  const change = useCommand(
    ({ values, from = base }: { values: Values; from?: Answered<Location> }) => answered(api.PATCH('/v1/locations/{id}', { params: { path, header: { 'If-Match': from.etag ?? '' } }, body: patchOf(values, from.data) })),
    { refresh: ['locations', 'assets'], done: (answer, { values }) => take(answer, values) },
  )
  const archive = useCommand(
    (command: 'archive' | 'restore', key: string) => answered(api.POST(`/v1/locations/{id}/${command}`, { params: { path, header: { 'Idempotency-Key': key } } })),
    {
      refresh: ['locations'],
      done(answer) {
        take(answer)
        close()
      },
    },
  )
  useUnsaved(form.dirty && !change.isPending)
  const turn = location.archived_at === undefined ? 'archive' : 'restore'
  const begun = valuesOf(location)
  const labels: Record<keyof Values, string> = { code: t('code'), name: t('name'), kind: t('kind'), parent_id: t('below'), time_zone: t('zone') }
  const stale = useStale({
    form,
    begun,
    save: change,
    begin,
    read: () => answered(api.GET('/v1/locations/{id}', { params: { path } })),
    valuesOf: (newest) => valuesOf(newest.data),
    changedAt: (newest) => newest.data.updated_at,
    label: (name) => labels[name],
    said: (name, values) => (name === 'kind' ? t(`kind.${values.kind}` as 'kind.area') : undefined),
  })
  const send = () => stale.put(form.values, base)
  return (
    <>
      <Frame
        title={`${location.code} ${location.name}`}
        submit={t('common:save')}
        busy={change.isPending}
        onSubmit={send}
        actions={
          <>
            {may('assets.read') ? <Button renderRoot={(props) => <Link {...props} to="/assets" search={{ location_id: location.id }} />}>{t('assets')}</Button> : null}
            {may('assets.read') ? <Button renderRoot={(props) => <Link {...props} to="/labels" search={{ location_id: location.id }} />}>{t('labels')}</Button> : null}
            <Button color="red" aria-disabled={change.isPending || undefined} onClick={() => !change.isPending && ask(turn)}>
              {t(turn)}
            </Button>
          </>
        }
      >
        {stale.shown ?? <FormProblem form={form} error={change.error} again={send} />}
        <LocationFields form={form} top={top} moves />
      </Frame>
      {asked ? (
        <Sheet title={t(`${asked}_title`, { name: location.name })} onClose={close} submit={t(asked)} onSubmit={() => archive.mutate(asked)} busy={archive.isPending} danger={asked === 'archive'}>
          <CommandProblem error={archive.error} again={() => archive.mutate(asked)} />
          <p className={classes.help}>{t(`${asked}_help`)}</p>
        </Sheet>
      ) : null}
    </>
  )
}
