import { NativeSelect, TextInput } from '@mantine/core'
import { IconCheck, IconFilterOff, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { matrixQuery } from '../../api/permissions'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import classes from './Admin.module.css'
import { byResource, heldBy } from './matrix'
import type { Role } from './roles'
import type { RolesSearch } from './routes'

const route = getRouteApi('/shell/admin/roles')

/** Which role may do what: the permission matrix, as the server decides by it. */
export function Roles() {
  const { t } = useTranslation('admin')
  const { role, q = '' } = route.useSearch()
  const navigate = useNavigate({ from: '/admin/roles' })
  const change = (changed: Partial<RolesSearch>) => void navigate({ search: (old: RolesSearch) => ({ ...old, ...changed }), replace: true })
  const read = useQuery(matrixQuery)
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} /> : <Loading />
  const roles = (read.data.roles ?? []).map((one) => one.role)
  const shown = role && roles.includes(role) ? [role] : roles
  const all = read.data.permissions ?? []
  const sought = q.toLowerCase()
  const permissions = (role ? heldBy([role], all) : all).filter(({ permission, allows }) => permission.includes(sought) || allows.toLowerCase().includes(sought))
  const word = (one: string) => t(`shell:role.${one as Role}`)
  return (
    <section className={classes.screen}>
      <PageTitle title={t('matrix')} note={t('matrix_note')} />
      <div className={classes.filters}>
        <TextInput
          type="search"
          aria-label={t('find_permission')}
          placeholder={t('find_permission')}
          leftSection={<IconSearch size={14} stroke={1.75} />}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value || undefined })}
        />
        <NativeSelect aria-label={t('role')} value={role ?? ''} onChange={(event) => change({ role: event.currentTarget.value || undefined })} data={[{ value: '', label: t('all_roles') }, ...roles.map((value) => ({ value, label: word(value) }))]} />
        {role ? <span className={classes.quiet}>{t(`role.${role as Role}`)}</span> : null}
      </div>
      {permissions.length === 0 ? <Note icon={<IconFilterOff size={16} stroke={1.75} />} title={t('empty.permissions')} /> : null}
      <div className={classes.matrix} tabIndex={0} role="region" aria-label={t('matrix')} hidden={permissions.length === 0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('may')}</th>
              {shown.map((one) => (
                <th key={one} scope="col">
                  <Link to="/admin/users" search={{ role: one }}>
                    {word(one)}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          {byResource(permissions).map(([resource, some]) => (
            <tbody key={resource}>
              {some.map(({ permission, allows, roles: holders }, at) => (
                <tr key={permission} data-first={at === 0 || undefined}>
                  <th scope="row">
                    <span lang="en">{allows}</span>
                    <code>{permission}</code>
                  </th>
                  {shown.map((one) => (
                    <td key={one}>{holders?.includes(one) ? <IconCheck size={16} stroke={2} role="img" aria-label={t('yes')} /> : <span className="ms-hidden">{t('no')}</span>}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  )
}
