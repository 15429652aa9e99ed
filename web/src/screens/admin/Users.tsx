import { Button } from '@mantine/core'
import { IconFilterOff, IconPlus, IconUsers } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { Avatar } from '../../kit/Avatar'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { capped, instant, money } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { SavedViews } from '../../kit/SavedViews'
import { ViewLink } from '../../kit/ViewLink'
import { Note } from '../../kit/ScreenStates'
import { usePages } from '../../kit/usePages'
import classes from './Admin.module.css'
import { type Role, roles } from './roles'
import type { UsersSearch } from './routes'

type User = Schemas['User']
type Tab = 'enabled' | 'disabled' | 'all'
const tabs: Tab[] = ['enabled', 'disabled', 'all']
const route = getRouteApi('/shell/admin/users')

const tabOf = (search: UsersSearch): Tab => tabs.find((tab) => tab === search.saved) ?? 'enabled'

function queryOf(search: UsersSearch) {
  const tab = tabOf(search)
  return { q: search.q, role: search.role?.split(',') as Role[] | undefined, status: tab === 'all' ? undefined : tab }
}

function useCount(saved: Tab): string | undefined {
  const { locale } = usePlace()
  const query = { ...queryOf({ saved }), limit: 1, count: 'capped' as const }
  const total = useQuery({ queryKey: ['users', 'count', query], queryFn: () => ok(api.GET('/v1/users', { params: { query } })), placeholderData: keepPreviousData }).data?.total
  return capped(total, locale)
}

/** Everybody who may sign in, with roles. */
export function Users() {
  const { t } = useTranslation('admin')
  const { locale, zone } = usePlace()
  const may = useMay()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/admin/users' })
  const change = (changed: Partial<UsersSearch>) => void navigate({ search: (old: UsersSearch) => ({ ...old, ...changed }), replace: true })
  const sort = search.sort === '-name' || search.sort === 'email' || search.sort === '-email' ? search.sort : 'name'
  const query = { ...queryOf(search), sort, limit: 200 } as const
  const pages = usePages<User>(['users', 'list', query], (cursor, signal) => ok(api.GET('/v1/users', { params: { query: { ...query, cursor } }, signal })))
  const roleWords = (user: User) => (user.roles ?? []).map((role) => t(`shell:role.${role as Role}`)).join(', ')
  const columns = useMemo<TableColumn<User>[]>(
    () => [
      { key: 'name', head: t('name'), width: 240, sort: 'name', cell: ({ name, disabled_at }) => (disabled_at ? t('disabled_name', { name }) : name) },
      { key: 'roles', head: t('roles'), cell: roleWords },
      { key: 'email', head: t('email'), width: 240, sort: 'email', rank: 1, cell: ({ email }) => email },
      { key: 'department', head: t('department'), width: 140, rank: 3, cell: ({ department }) => department?.name },
      { key: 'rate', head: t('rate'), width: 100, align: 'right', rank: 4, cell: ({ labor_rate }) => money(labor_rate, locale) },
      { key: 'login', head: t('last_login'), width: 150, align: 'right', rank: 2, cell: ({ last_login_at }) => instant(last_login_at, locale, zone) || t('never') },
    ],
    [t, locale, zone],
  )
  const filters = useMemo<Filter[]>(() => [{ kind: 'choice', key: 'role', label: t('role'), options: roles.map((value) => ({ value, label: t(`shell:role.${value}`) })) }], [t])
  const counts: Record<Tab, string | undefined> = { enabled: useCount('enabled'), disabled: useCount('disabled'), all: useCount('all') }
  return (
    <section className={classes.screen}>
      <PageTitle list
        title={t('users')}
        main={
          may('users.write') ? (
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link to="/admin/users/new" {...props} />}>
              {t('new_user')}
            </Button>
          ) : null
        }
      />
      <SavedViews
        label={t('users')}
        views={tabs.map((key) => ({ key, label: t(`tab.${key}`), count: counts[key] }))}
        current={tabOf(search)}
        link={({ key }, props) => <ViewLink to="/admin/users" search={{ ...search, saved: key === 'enabled' ? undefined : key }} {...props} />}
      />
      <Filters filters={filters} values={{ ...search }} onChange={change} searchKey="q" />
      <DataTable
        label={t('users')}
        scrollId="users"
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={({ name }) => name}
        glyph={({ name }) => <Avatar name={name} size={20} />}
        sort={sort}
        onSort={(next) => change({ sort: next === 'name' ? undefined : next })}
        onOpen={({ id }) => void navigate({ to: '/admin/users/$userId', params: { userId: id } })}
        phone={(user) => (
          <span className={classes.phone}>
            <span>{user.name}</span>
            <span className={classes.more}>{roleWords(user)}</span>
          </span>
        )}
        empty={
          search.q || search.role ? (
            <Note icon={<IconFilterOff size={16} stroke={1.75} />} title={t('empty.filtered')} actions={<Button onClick={() => change({ q: undefined, role: undefined })}>{t('common:clear_filters')}</Button>} />
          ) : (
            <Note icon={<IconUsers size={16} stroke={1.75} />} title={t(tabOf(search) === 'disabled' ? 'empty.disabled' : 'empty.users')} />
          )
        }
      />
    </section>
  )
}
