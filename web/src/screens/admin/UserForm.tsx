import { Button, Checkbox, MultiSelect, TextInput } from '@mantine/core'
import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api, ok } from '../../api/client'
import { queries } from '../../api/query'
import { useMay, useMe, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DecimalField, FormProblem, SelectField, TextField } from '../../kit/Fields'
import { instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { inWords } from '../../kit/staleFields'
import { useCommand } from '../../kit/useCommand'
import type { Fields } from '../../kit/useFields'
import { useStale } from '../../kit/useStale'
import { useStored } from '../../kit/useStored'
import { useUnsaved } from '../../kit/useUnsaved'
import { languages } from '../../i18n'
import classes from './Admin.module.css'
import { RoleChange } from './RoleChange'
import { roles } from './roles'
import { bodyOf, patchOf, type User, type UserDraft, userDraft } from './user'
import { userQuery } from './userQuery'

const zones = Intl.supportedValuesOf('timeZone')

/** The form of a person who signs in: name, roles, limits. Without the right to write it only shows. */
export function UserForm({ read }: { read?: Answered<User> }) {
  const { t } = useTranslation('admin')
  const navigate = useNavigate()
  const may = useMay()
  const me = useMe()
  const { locale, zone, currency } = usePlace()
  const { form, base, take, begin } = useStored(read, userDraft)
  const user = base?.data
  const begun = userDraft(user)
  const writes = may('users.write')
  const departments = useQuery({ queryKey: ['departments', 'all'], queryFn: () => ok(api.GET('/v1/departments', { params: { query: { limit: 200 } } })), enabled: may('departments.read') }).data?.items ?? []
  const save = useCommand(
    ({ values, from }: { values: UserDraft; from?: Answered<User> }, key: string) =>
      from
        ? answered(api.PATCH('/v1/users/{id}', { params: { path: { id: from.data.id }, header: { 'If-Match': from.etag ?? '' } }, body: patchOf(values, userDraft(from.data)) }))
        : answered(api.POST('/v1/users', { params: { header: { 'Idempotency-Key': key } }, body: bodyOf(values) })),
    { refresh: ['users', 'me'], done: (answer, { values }) => (user ? take(answer, values) : void navigate({ to: '/admin/users/$userId', params: { userId: answer.data.id }, ignoreBlocker: true })) },
  )
  const turn = useCommand(
    (what: 'disable' | 'enable', key: string) => {
      const params = { path: { id: user?.id ?? '' }, header: { 'Idempotency-Key': key, 'If-Match': base?.etag ?? '' } }
      return answered(api.POST(what === 'disable' ? '/v1/users/{id}/disable' : '/v1/users/{id}/enable', { params }))
    },
    { refresh: ['users'], done: (answer) => take(answer) },
  )
  useUnsaved(form.dirty && !save.isPending)
  // One after the other, each with the version that the one before made.
  const busy = save.isPending || turn.isPending
  const stale = useStale({
    form,
    begun,
    save,
    begin,
    read: () => queries.fetchQuery({ ...userQuery(user?.id ?? ''), staleTime: 0 }),
    valuesOf: (now) => userDraft(now.data),
    changedAt: (now) => now.data.updated_at,
    label: (name) => labelOf(name, t),
    said(name, values) {
      switch (name) {
        case 'roles':
          return values.roles.map((role) => t(`shell:role.${role as 'admin'}`)).join(', ')
        case 'department_id':
          return inWords(departments.find(({ id }) => id === values.department_id))
        case 'location_ids':
          return <PlaceNames ids={values.location_ids} />
        case 'locale':
          return values.locale ? new Intl.DisplayNames([values.locale], { type: 'language' }).of(values.locale) : ''
        case 'password':
          return values.password ? '••••••' : ''
        default:
          return undefined
      }
    },
  })
  const send = () => !busy && stale.put(form.values, base)
  const toggle = () => !busy && turn.mutate(what)
  const what = user?.disabled_at ? 'enable' : 'disable'
  return (
    <section className={classes.screen}>
      <PageTitle
        title={user?.name ?? t('new_user')}
        note={user ? (user.disabled_at ? t('disabled_since', { date: instant(user.disabled_at, locale, zone) }) : t('seen', { date: instant(user.last_login_at, locale, zone) || t('never') })) : undefined}
        actions={
          <>
            {user && form.dirty ? <span className={classes.quiet}>{t('common:not_saved')}</span> : null}
            {user && writes && user.id !== me.id ? (
              <Button color={what === 'disable' ? 'red' : undefined} loading={turn.isPending} aria-disabled={save.isPending || undefined} leftSection={what === 'disable' ? <IconLock size={16} stroke={1.75} /> : <IconLockOpen size={16} stroke={1.75} />} onClick={toggle}>
                {t(what)}
              </Button>
            ) : null}
          </>
        }
        main={
          writes ? (
            <Button variant="filled" loading={save.isPending} aria-disabled={user && !form.dirty ? true : undefined} onClick={() => (form.dirty || !user) && send()}>
              {t(user ? 'common:save' : 'create_user')}
            </Button>
          ) : null
        }
      />
      <div className={classes.page}>
        <CommandProblem error={turn.error} again={toggle} />
        {stale.shown ?? <FormProblem form={form} error={save.error} again={send} />}
        <fieldset className={classes.form} disabled={!writes}>
          <legend className="ms-hidden">{user?.name ?? t('new_user')}</legend>
          <div className={classes.pair}>
            <TextField form={form} name="name" label={t('name')} maxLength={200} />
            <TextField form={form} name="email" label={t('email')} maxLength={254} />
          </div>
          <Roles form={form} writes={writes} />
          <RoleChange before={begun.roles} after={form.values.roles} />
          <Places form={form} writes={writes} />
          <div className={classes.pair}>
            <SelectField form={form} name="department_id" label={t('department')} optional choices={departments.map(({ id, code, name }) => ({ value: id, label: `${code} ${name}` }))} />
            <DecimalField form={form} name="labor_rate" label={t('rate')} unit={t('per_hour', { currency })} optional />
          </div>
          <div className={classes.pair}>
            <SelectField form={form} name="locale" label={t('language')} optional choices={localeChoices(form.values.locale)} />
            <SelectField form={form} name="time_zone" label={t('time_zone')} optional choices={zones.map((value) => ({ value, label: value }))} />
          </div>
          <WorkingHours form={form} locale={locale} />
          {writes ? <TextField form={form} name="password" label={t(user ? 'new_password' : 'password')} help={t(user ? 'new_password_help' : 'password_help')} optional={user !== undefined} maxLength={1024} /> : null}
        </fieldset>
      </div>
    </section>
  )
}

const labelKeys = { name: 'name', email: 'email', roles: 'roles', department_id: 'department', location_ids: 'limited_to', labor_rate: 'rate', locale: 'language', time_zone: 'time_zone', working_hours: 'working_hours', password: 'new_password' } as const
const labelOf = (name: keyof UserDraft, t: TFunction<'admin'>) => t(labelKeys[name])

/** The places by code and name. */
function PlaceNames({ ids }: { ids: string[] }) {
  const chosen = useQuery({ queryKey: ['locations', 'named', ids], queryFn: () => Promise.all(ids.map((id) => ok(api.GET('/v1/locations/{id}', { params: { path: { id } } })))), enabled: ids.length > 0 }).data
  return <>{inWords(chosen)}</>
}

function localeChoices(own: string) {
  const all = [...new Set([...languages, ...(own ? [own] : [])])]
  return all.map((value) => ({ value, label: new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value }))
}

function Roles({ form, writes }: { form: Fields<UserDraft>; writes: boolean }) {
  const { t } = useTranslation('admin')
  form.knows('roles')
  return (
    <Checkbox.Group id={form.idOf('roles')} label={t('roles')} value={form.values.roles} onChange={(next) => writes && form.set('roles', next)} error={form.faults.roles}>
      <div className={classes.roles}>
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={t(`shell:role.${role}`)} description={t(`role.${role}`)} disabled={!writes} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

/** How many hours the person works on each day of the week. */
function WorkingHours({ form, locale }: { form: Fields<UserDraft>; locale: string }) {
  const { t } = useTranslation('admin')
  form.knows('working_hours')
  const hours = form.values.working_hours
  const fault = form.faults.working_hours
  return (
    <fieldset className={classes.hours} id={form.idOf('working_hours')}>
      <legend>{t('working_hours')}</legend>
      <div>
        {hours.map((value, day) => (
          <TextInput
            key={day}
            label={new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 0, 5 + day)))}
            inputMode="decimal"
            value={value}
            error={Boolean(fault)}
            onChange={(event) => form.set('working_hours', hours.map((other, at) => (at === day ? event.currentTarget.value : other)))}
          />
        ))}
      </div>
      <p className={fault ? classes.fault : classes.quiet}>{fault || t('working_hours_help')}</p>
    </fieldset>
  )
}

/** The places, with all below, that a person is limited to. */
function Places({ form, writes }: { form: Fields<UserDraft>; writes: boolean }) {
  const { t } = useTranslation('admin')
  const [typed, setTyped] = useState('')
  const ids = form.values.location_ids
  form.knows('location_ids')
  const found = useQuery({ queryKey: ['locations', 'find', typed], queryFn: () => ok(api.GET('/v1/locations', { params: { query: { q: typed || undefined, limit: 20 } } })), placeholderData: keepPreviousData }).data?.items ?? []
  const chosen = useQuery({ queryKey: ['locations', 'named', ids], queryFn: () => Promise.all(ids.map((id) => ok(api.GET('/v1/locations/{id}', { params: { path: { id } } })))), enabled: ids.length > 0, placeholderData: keepPreviousData }).data ?? []
  const names = new Map([...found, ...chosen].map(({ id, code, name }) => [id, `${code} ${name}`]))
  return (
    <MultiSelect
      id={form.idOf('location_ids')}
      label={
        <>
          {t('limited_to')} <span className={classes.optional}>{t('common:optional')}</span>
        </>
      }
      description={t('limited_help')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={form.faults.location_ids}
      disabled={!writes}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={[...names].map(([value, label]) => ({ value, label }))}
      value={ids.filter((id) => names.has(id))}
      onChange={(next) => form.set('location_ids', next)}
      nothingFoundMessage={t('nothing_found')}
    />
  )
}
