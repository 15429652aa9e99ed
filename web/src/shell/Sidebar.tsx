import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CountMark } from './CountMark'
import { entryOf, type Entry, groups, ownEntries } from './nav'
import { OwnMenu } from './OwnMenu'
import { openPalette } from './palette'
import classes from './Sidebar.module.css'
import { type Counted, useCounts, useShown } from './useNav'

/** Where one can go. Below 1200 px only the icons stay, with their words in tooltips. */
export function Sidebar({ path }: { path: string }) {
  const { t } = useTranslation('shell')
  const shown = useShown()
  const counts = useCounts()
  const here = entryOf(path, [...groups.flatMap((group) => group.entries), ...ownEntries])
  return (
    <nav className={classes.sidebar} aria-label={t('navigation')}>
      <Link to="/" className={classes.brand} aria-label={`Mainstay, ${t('nav.home')}`}>
        <img src="/mark.svg" alt="" width={22} height={22} />
        <span>Mainstay</span>
      </Link>
      <UnstyledButton className={classes.find} onClick={openPalette} aria-label={`${t('find')} ${t('find.key')}`} aria-keyshortcuts="Control+K">
        <IconSearch size={16} stroke={1.75} />
        <span className={classes.findWords}>{t('find')}</span>{' '}
        <kbd className={classes.key}>{t('find.key')}</kbd>
      </UnstyledButton>
      <div className={classes.groups}>
        {groups.map((group, index) => {
          const entries = shown(group.entries)
          if (entries.length === 0) return null
          return (
            <div key={group.word ?? index} className={classes.group} role="group" aria-label={group.word ? t(`group.${group.word}`) : undefined}>
              {group.word ? <p className={classes.groupName}>{t(`group.${group.word}`)}</p> : null}
              {entries.map((entry) => (
                <NavLink key={entry.to} entry={entry} here={entry === here} count={entry.count ? counts[entry.count] : undefined} />
              ))}
            </div>
          )
        })}
      </div>
      <OwnMenu />
    </nav>
  )
}

function NavLink({ entry, here, count }: { entry: Entry; here: boolean; count?: Counted }) {
  const { t } = useTranslation('shell')
  const word = t(`nav.${entry.word}`)
  const yours = entry.count === 'inbox' || entry.count === 'approvals'
  return (
    <Tooltip label={word} position="right" events={{ hover: true, focus: true, touch: false }} classNames={{ tooltip: classes.tip }}>
      <Link to={entry.to} className={classes.link} aria-current={here ? 'page' : undefined}>
        <entry.icon size={16} stroke={1.75} aria-hidden />
        <span className={classes.word}>{word}</span>
        {count ? (
          <span className={yours ? classes.yours : classes.count}>
            <CountMark count={count} yours={yours} />
          </span>
        ) : null}
      </Link>
    </Tooltip>
  )
}
