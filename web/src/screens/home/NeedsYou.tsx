import { Button, Menu } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard, Need } from '../../api/dashboard'
import { useMay, usePlace, useSite } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { date, daysBetween, instant, quantity, today } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import { Note } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import { useSheet } from '../../kit/useSheet'
import { sendCommand } from '../work-orders/detail/order'
import type { Asked } from './NeedCommand'
import { type Act, lookOfNeed, subjectOf } from './needs'
import classes from './NeedsYou.module.css'

// The sheets are loaded when the first of them is asked for.
const NeedCommand = lazy(async () => ({ default: (await import('./NeedCommand')).NeedCommand }))

// The most urgent ones and the figures below them fit one screen; the number in the head says how many there are.
const shown = 6

/** What waits for a command of the reader, the most urgent first, each with its command. */
export function NeedsYou({ needs }: { needs: NonNullable<Dashboard['needs_you']> }) {
  const { t } = useTranslation('home')
  const { locale } = usePlace()
  const may = useMay()
  const items = (needs.items ?? []).slice(0, shown)
  return (
    <Panel
      title={t('needs')}
      attention={needs.total > 0}
      note={needs.total > 0 ? quantity(needs.total, locale) : undefined}
      action={may('notifications.read') ? <Link to="/inbox">{t('open_inbox')}</Link> : null}
      flush
    >
      {items.length === 0 ? <Note title={t('needs_none')}>{t('needs_none_help')}</Note> : null}
      <ul className={classes.rows}>
        {items.map((need) => (
          <Row key={`${need.code} ${subjectOf(need)?.id} ${need.on ?? ''}`} need={need} />
        ))}
      </ul>
    </Panel>
  )
}

function Row({ need }: { need: Need }) {
  const { t } = useTranslation('home')
  const { locale, zone } = usePlace(useSite()?.id)
  const day = today(zone)
  const subject = subjectOf(need)
  if (!subject) return null
  const look = lookOfNeed(need)
  const late = need.code.startsWith('overdue') && need.on ? daysBetween(need.on, day) : 0
  const when = need.on ? date(need.on, locale, day, true) : ''
  const says = t(`need.${need.code}`, { date: when, person: need.person ?? '', number: subject.number, reason: need.reason ?? '' })
  return (
    <li className={classes.row}>
      <span className={classes.glyph} data-tone={look.tone}>
        <Glyph name={look.glyph} size={16} />
      </span>
      <span className={classes.words}>
        <Go href={subject.href} className={classes.title}>
          {need.asset?.code ? `${need.asset.code} ` : ''}
          {subject.title}
        </Go>
        <span className={classes.says}>{says}</span>
      </span>
      <span className={classes.when} data-late={late > 0 || undefined}>
        {late > 0 ? t('days_late', { count: late }) : need.on ? when : need.at ? instant(need.at, locale, zone) : ''}
      </span>
      <ActButton act={look.act} need={need} subject={subject} />
    </li>
  )
}

const decisions = ['accept', 'duplicate', 'reject'] as const

/** The command of a row: carried out at once, asked for in a sheet, or chosen of several; where none helps, the way to the page. */
function ActButton({ act, need, subject }: { act: Act; need: Need; subject: NonNullable<ReturnType<typeof subjectOf>> }) {
  const { t } = useTranslation('home')
  const { t: words } = useTranslation('work-request')
  const { sheet: asked, open: setAsked, close: away } = useSheet<Asked>()
  const close = useCommand((_: void, key) => sendCommand(subject.id, 'close', {}, key, need.version), { refresh: ['work-orders', 'dashboard', 'notifications', 'assets'] })
  const word = t(`act.${act}`)
  const props = { className: classes.act, 'aria-label': t('act.of', { act: word, title: subject.title }) }
  const sheet = asked ? (
    <Suspense>
      <NeedCommand asked={asked} close={away} />
    </Suspense>
  ) : null
  switch (act) {
    case 'close':
      return (
        <>
          <Button {...props} loading={close.isPending} onClick={() => close.mutate()}>
            {word}
          </Button>
          {close.error ? (
            <span className={classes.problem}>
              <CommandProblem error={close.error} again={() => close.mutate()} />
            </span>
          ) : null}
        </>
      )
    case 'decide':
      return (
        <>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button {...props}>{word}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              {decisions.map((kind) => (
                <Menu.Item key={kind} color={kind === 'reject' ? 'var(--ms-red-text)' : undefined} onClick={() => setAsked({ kind, id: subject.id })}>
                  {words(`do.${kind}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {sheet}
        </>
      )
    case 'assign':
    case 'approve':
    case 'resume':
      return (
        <>
          <Button {...props} onClick={() => setAsked({ kind: act, id: subject.id })}>
            {word}
          </Button>
          {sheet}
        </>
      )
    default:
      return (
        <Button {...props} renderRoot={(rest) => <Go {...rest} href={subject.href} />}>
          {word}
        </Button>
      )
  }
}
