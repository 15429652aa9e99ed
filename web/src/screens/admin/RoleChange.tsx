import { useTranslation } from 'react-i18next'
import classes from './Admin.module.css'
import type { Role } from './roles'

/** Which roles a person gets and loses by an edit, before it is saved. Nothing while none change. */
export function RoleChange({ before, after }: { before: string[]; after: string[] }) {
  const { t } = useTranslation('admin')
  const words = (roles: string[]) => roles.map((role) => t(`shell:role.${role as Role}`)).join(', ')
  const gained = after.filter((role) => !before.includes(role))
  const lost = before.filter((role) => !after.includes(role))
  if (before.length === 0 || gained.length + lost.length === 0) return null
  return (
    <p className={classes.change} role="status">
      {gained.length > 0 ? <span className={classes.gained}>{t('gains', { roles: words(gained) })}</span> : null}
      {lost.length > 0 ? <span className={classes.lost}>{t('loses', { roles: words(lost) })}</span> : null}
    </p>
  )
}
