import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronUp, IconLogout } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/me'
import { ownEntries } from './nav'
import classes from './OwnMenu.module.css'
import { signOut } from './signOut'
import { useShown } from './useNav'

/** «Marta Lindqvist» -> «ML». */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/)
  const last = parts.length > 1 ? parts.at(-1) : ''
  return `${parts[0]?.[0] ?? ''}${last?.[0] ?? ''}`.toUpperCase()
}

/** The roles of the person as words, those first that this version knows. */
export function useRoleWords(): string {
  const { t, i18n } = useTranslation('shell')
  const roles = useMe().roles ?? []
  return roles.map((role) => (i18n.exists(`shell:role.${role}`) ? t(`role.${role}`) : role)).join(', ')
}

/** The own name at the foot of the sidebar with profile, administration and the way out. */
export function OwnMenu() {
  const { t } = useTranslation('shell')
  const me = useMe()
  const roles = useRoleWords()
  const shown = useShown()
  return (
    <Menu position="top-start" width={208} offset={4}>
      <Menu.Target>
        <UnstyledButton className={classes.own} aria-label={t('own.menu', { name: `${me.name} ${roles}` })}>
          <span className={classes.avatar} data-letters={initials(me.name)} />
          <span className={classes.words}>
            <span className={classes.name}>{me.name}</span>{' '}
            <span className={classes.role}>{roles}</span>
          </span>
          <IconChevronUp size={16} stroke={1.75} className={classes.arrow} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {shown(ownEntries).map((entry) => (
          <Menu.Item key={entry.to} leftSection={<entry.icon size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to={entry.to} />}>
            {t(`nav.${entry.word}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} />} onClick={() => void signOut()}>
          {t('sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
