import { Drawer, UnstyledButton } from '@mantine/core'
import { IconLogout, IconMenu2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../api/me'
import { useAlone } from '../kit/useAlone'
import { CountMark } from './CountMark'
import { type Entry, groups, ownEntries, phoneEntries, under } from './nav'
import classes from './PhoneBar.module.css'
import { signOut } from './signOut'
import { useCounts, useShown } from './useNav'

/** The phone's ways: scan in the middle, everything else under «More». It makes room where a page puts its commands. */
export function PhoneBar({ path }: { path: string }) {
  const { t } = useTranslation('shell')
  const shown = useShown()
  const counts = useCounts()
  const works = useMay()('work_orders.execute')
  const [more, setMore] = useState(false)
  useAlone(more)
  return (
    <nav className={classes.bar} aria-label={t('navigation')}>
      {shown(phoneEntries).map((entry) => {
        const count = entry.count ? counts[entry.count] : undefined
        return (
          <Link key={entry.to} to={entry.to} className={classes.tab} data-scan={entry.word === 'scan' || undefined} aria-current={entry.to === path ? 'page' : undefined}>
            <span className={classes.icon}>
              <entry.icon size={22} stroke={1.75} aria-hidden />
              {count ? <span className={classes.count}><CountMark count={count} yours /></span> : null}
            </span>
            {t(`nav.${entry.to === '/' && !works ? 'home' : entry.word}`)}
          </Link>
        )
      })}
      <UnstyledButton className={classes.tab} aria-haspopup="dialog" aria-expanded={more} onClick={() => setMore(true)}>
        <span className={classes.icon}>
          <IconMenu2 size={22} stroke={1.75} aria-hidden />
        </span>
        {t('more')}
      </UnstyledButton>
      <Drawer opened={more} onClose={() => setMore(false)} position="bottom" size="auto" title={useMe().name} classNames={{ content: classes.sheet }} closeButtonProps={{ 'aria-label': t('close') }}>
        <MoreEntries entries={shown([...groups.flatMap((group) => group.entries), ...ownEntries]).filter((entry) => !phoneEntries.some((tab) => tab.to === entry.to))} path={path} close={() => setMore(false)} />
      </Drawer>
    </nav>
  )
}

function MoreEntries({ entries, path, close }: { entries: Entry[]; path: string; close: () => void }) {
  const { t } = useTranslation('shell')
  return (
    <ul className={classes.more}>
      {entries.map((entry) => (
        <li key={entry.to}>
          <Link to={entry.to} className={classes.row} onClick={close} aria-current={under(path, entry.to) ? 'page' : undefined}>
            <entry.icon size={20} stroke={1.75} aria-hidden />
            {t(`nav.${entry.word}`)}
          </Link>
        </li>
      ))}
      <li>
        <UnstyledButton className={classes.row} onClick={() => void signOut()}>
          <IconLogout size={20} stroke={1.75} aria-hidden />
          {t('sign_out')}
        </UnstyledButton>
      </li>
    </ul>
  )
}
