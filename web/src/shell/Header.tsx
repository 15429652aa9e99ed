import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowLeft, IconHelpCircle, IconSelector } from '@tabler/icons-react'
import { Link, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useSite, useSites } from '../api/me'
import { useShownPageName } from '../kit/pageName'
import { Bell } from './Bell'
import { Clock } from './Clock'
import classes from './Header.module.css'
import { openKeyMap } from './Keys'
import { useLive } from './live'
import { LiveDot } from './LiveLost'
import { entryOf, groups, ownEntries, phoneEntries } from './nav'
import { useShown } from './useNav'

const sections = [...groups.flatMap((group) => group.entries), ...ownEntries]

/** The row over every page: site, path, and the site's clock. On the phone only below the first level, with the way back. */
export function Header({ path }: { path: string }) {
  const { t } = useTranslation('shell')
  const router = useRouter()
  const shown = useShown()
  const live = useLive()
  const { words: name, steps } = useShownPageName(path)
  const section = entryOf(path, shown(sections))
  const word = section ? t(`nav.${section.word}`) : ''
  useEffect(() => {
    document.title = name || word ? `${name || word} · Mainstay` : 'Mainstay'
  }, [name, word])
  const first = phoneEntries.some((entry) => entry.to === path)
  const back = () => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: section && section.to !== path ? section.to : '/' }))
  return (
    <header className={classes.header} data-first={first || undefined}>
      <ActionIcon className={classes.back} aria-label={t('back')} onClick={back}>
        <IconArrowLeft size={20} stroke={1.75} />
      </ActionIcon>
      <SiteSwitch />
      {section ? (
        <>
          <span className={classes.slash} aria-hidden>
            /
          </span>
          {path === section.to ? <span className={classes.here}>{word}</span> : <Link to={section.to} className={classes.section}>{word}</Link>}
        </>
      ) : null}
      {name && name !== word && path !== section?.to ? (
        <span className={classes.name} data-after={section ? true : undefined}>
          {steps.map((step, at) => (
            <span key={step}>
              <span className={classes.slash} aria-hidden>
                {section || at > 0 ? ' / ' : '/ '}
              </span>
              {step}
            </span>
          ))}
        </span>
      ) : null}
      <span className={classes.space} />
      <LiveDot />
      <span className={classes.rule} aria-hidden />
      <Clock lost={live.state === 'lost'} />
      <Bell />
      <Tooltip label={t('keys')}>
        <ActionIcon className={classes.help} aria-label={t('keys')} aria-keyshortcuts="?" onClick={openKeyMap}>
          <IconHelpCircle size={18} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
    </header>
  )
}

function SiteSwitch() {
  const { t } = useTranslation('shell')
  const me = useMe()
  const sites = useSites()
  const site = useSite()
  const navigate = useNavigate()
  const choose = (id?: string) => void navigate({ to: '.', search: ((search: object) => ({ ...search, site: id })) as never })
  const name = site?.name ?? (sites.length === 1 ? sites[0]?.name : undefined) ?? me.tenant.name
  if (sites.length < 2) return <span className={classes.site}>{name}</span>
  return (
    <Menu position="bottom-start" width={260}>
      <Tooltip label={t('site.switch')}>
        <Menu.Target>
          <UnstyledButton className={classes.site} aria-label={t('site.chosen', { name: site?.name ?? t('site.all') })}>
            {site?.name ?? t('site.all')}
            <IconSelector size={14} stroke={1.75} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose(undefined)} aria-current={site ? undefined : 'true'}>
          {t('site.all')}
        </Menu.Item>
        {sites.map((s) => (
          <Menu.Item key={s.id} onClick={() => choose(s.id)} aria-current={s.id === site?.id ? 'true' : undefined}>
            {s.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
