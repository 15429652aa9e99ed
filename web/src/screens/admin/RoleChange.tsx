import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { matrixQuery } from '../../api/permissions'
import classes from './Admin.module.css'
import { difference, type Permission } from './matrix'
import type { Role } from './roles'

/** What a person gets and loses by a change of roles, before it is saved. Nothing while none change. */
export function RoleChange({ before, after }: { before: string[]; after: string[] }) {
  const { t } = useTranslation('admin')
  const matrix = useQuery(matrixQuery).data
  const words = (roles: string[]) => roles.map((role) => t(`shell:role.${role as Role}`)).join(', ')
  const gained = after.filter((role) => !before.includes(role))
  const lost = before.filter((role) => !after.includes(role))
  if (gained.length + lost.length === 0) return null
  const changed = matrix && difference(before, after, matrix.permissions ?? [])
  return (
    <div className={classes.change} role="status">
      {gained.length > 0 ? <Side className={classes.gained} title={t('gains', { roles: words(gained) })} permissions={changed?.gained} /> : null}
      {lost.length > 0 ? <Side className={classes.lost} title={t('loses', { roles: words(lost) })} permissions={changed?.lost} /> : null}
    </div>
  )
}

function Side({ className, title, permissions }: { className: string | undefined; title: string; permissions: Permission[] | undefined }) {
  const { t } = useTranslation('admin')
  return (
    <div className={className}>
      <b>{title}</b>
      {permissions ? (
        <details>
          <summary>{t('permissions_changed', { count: permissions.length })}</summary>
          <ul lang="en">
            {permissions.map(({ permission, allows }) => (
              <li key={permission}>{allows}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}
