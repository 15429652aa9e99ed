import { Button, Checkbox, CopyButton, ScrollArea } from '@mantine/core'
import { IconCheck, IconCopy, IconKey, IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, useMe, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { CheckField, DateField, FormProblem, TextField } from '../../kit/Fields'
import { addDays, instant, today } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { useCommand } from '../../kit/useCommand'
import { useFields } from '../../kit/useFields'
import { usePages } from '../../kit/usePages'
import { useSheet } from '../../kit/useSheet'
import { dayStart } from '../audit/search'
import classes from './Admin.module.css'

type Token = Schemas['APIToken']

/** One's own API tokens: programs act with them in one's name, with no more than one may do oneself. */
export function Tokens() {
  const { t } = useTranslation('admin')
  const { locale, zone } = usePlace()
  const may = useMay()
  const { sheet: asked, open: setAsked, close } = useSheet<'new' | Token>()
  const pages = usePages<Token>(['api-tokens', 'list'], (cursor, signal) => ok(api.GET('/v1/api-tokens', { params: { query: { limit: 100, cursor } }, signal })))
  const writes = may('api_tokens.write')
  const columns = useMemo<TableColumn<Token>[]>(
    () => [
      { key: 'name', head: t('name'), cell: ({ name }) => name },
      { key: 'scope', head: t('token.scope'), width: 200, rank: 2, cell: ({ permissions }) => (permissions?.length ? t('token.some', { count: permissions.length }) : t('token.all')) },
      { key: 'created', head: t('token.created'), width: 150, align: 'right', rank: 3, cell: ({ created_at }) => instant(created_at, locale, zone) },
      { key: 'used', head: t('token.used'), width: 150, align: 'right', rank: 2, cell: ({ used_at }) => instant(used_at, locale, zone) || t('never') },
      { key: 'expires', head: t('token.expires'), width: 150, align: 'right', rank: 1, cell: ({ expires_at }) => instant(expires_at, locale, zone) || t('token.never') },
      {
        key: 'revoke',
        head: t('token.revoke'),
        width: 130,
        align: 'right',
        cell: (token) =>
          writes ? (
            <Button size="compact-sm" color="red" variant="subtle" onClick={() => setAsked(token)}>
              {t('token.revoke')}
            </Button>
          ) : null,
      },
    ],
    [t, locale, zone, writes],
  )
  const begin = writes ? (
    <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAsked('new')}>
      {t('token.new')}
    </Button>
  ) : null
  return (
    <section className={classes.screen}>
      <PageTitle list title={t('tokens')} main={begin} />
      <DataTable
        label={t('tokens')}
        scrollId="api-tokens"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ name }) => name}
        phone={(token) => (
          <span className={classes.phone}>
            <span>{token.name}</span>
            <span className={classes.more}>{t('token.expires_on', { date: instant(token.expires_at, locale, zone) || t('token.never') })}</span>
          </span>
        )}
        empty={
          <Note icon={<IconKey size={16} stroke={1.75} />} title={t('token.empty')}>
            {t('token.empty_help')}
          </Note>
        }
      />
      {asked === 'new' ? <NewToken close={close} /> : null}
      {asked && asked !== 'new' ? <Revoke token={asked} close={close} /> : null}
    </section>
  )
}

function NewToken({ close }: { close: () => void }) {
  const { t } = useTranslation('admin')
  const { zone } = usePlace()
  const own = useMe().permissions ?? []
  const form = useFields({ name: '', expires_at: addDays(today(zone), 90), all: true, permissions: [] as string[] })
  const create = useCommand((body: Schemas['APITokenBody'], key: string) => ok(api.POST('/v1/api-tokens', { params: { header: { 'Idempotency-Key': key } }, body })), { refresh: ['api-tokens'] })
  const { name, expires_at, all, permissions } = form.values
  const send = () =>
    create.mutate(
      { name: name.trim(), ...(expires_at ? { expires_at: dayStart(addDays(expires_at, 1), zone) } : {}), ...(all ? {} : { permissions }) },
      { onError: form.refuse },
    )
  if (create.data?.secret) {
    const { secret } = create.data
    return (
      <Sheet title={t('token.secret')} onClose={close}>
        <p>{t('token.secret_help')}</p>
        <code className={classes.secret}>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="filled" onClick={copy} leftSection={copied ? <IconCheck size={16} stroke={1.75} /> : <IconCopy size={16} stroke={1.75} />}>
              {t(copied ? 'common:copied' : 'common:copy')}
            </Button>
          )}
        </CopyButton>
      </Sheet>
    )
  }
  return (
    <Sheet title={t('token.new')} submit={t('token.create')} onSubmit={send} busy={create.isPending} onClose={close}>
      <FormProblem form={form} error={create.error} again={send} />
      <TextField form={form} name="name" label={t('name')} help={t('token.name_help')} maxLength={200} autoFocus />
      <DateField form={form} name="expires_at" label={t('token.until')} min={today(zone)} optional />
      <CheckField form={form} name="all" label={t('token.all_help')} />
      {all ? null : (
        <ScrollArea.Autosize mah={220} type="auto">
          <Checkbox.Group label={t('token.scope')} value={permissions} onChange={(next) => form.set('permissions', next)}>
            {own.map((permission) => (
              <Checkbox key={permission} value={permission} label={<code>{permission}</code>} className={classes.permission} />
            ))}
          </Checkbox.Group>
        </ScrollArea.Autosize>
      )}
    </Sheet>
  )
}

function Revoke({ token, close }: { token: Token; close: () => void }) {
  const { t } = useTranslation('admin')
  const revoke = useCommand((id: string) => ok(api.DELETE('/v1/api-tokens/{id}', { params: { path: { id } } })), { refresh: ['api-tokens'], done: close })
  const send = () => revoke.mutate(token.id)
  return (
    <Sheet title={t('token.revoke_title', { name: token.name })} submit={t('token.revoke')} danger onSubmit={send} busy={revoke.isPending} onClose={close}>
      <CommandProblem error={revoke.error} again={send} />
      <p>{t('token.revoke_help')}</p>
    </Sheet>
  )
}
