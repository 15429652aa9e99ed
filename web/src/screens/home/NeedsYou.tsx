import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Dashboard, Need } from '../../api/dashboard'
import { useMay, usePlace, useSite } from '../../api/me'
import { date, daysBetween, instant, quantity, today } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import { Go } from '../../kit/Go'
import { Panel } from '../../kit/Panel'
import { Note } from '../../kit/ScreenStates'
import { lookOfNeed, subjectOf } from './needs'
import classes from './NeedsYou.module.css'

// The most urgent ones and the figures below them fit one screen; the number in the head says how many there are.
const shown = 6

/** What waits for a command of the reader, the most urgent first, with the way to it. */
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
  const act = t(`act.${look.act}`)
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
      <Button className={classes.act} renderRoot={(props) => <Go {...props} href={subject.href} aria-label={t('act.of', { act, title: subject.title })} />}>
        {act}
      </Button>
    </li>
  )
}
