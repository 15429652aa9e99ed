import { Modal, Switch } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { Fragment, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keyMap } from '../kit/keyMap'
import { preferences, usePreferences } from '../kit/preferences'
import { useAlone } from '../kit/useAlone'
import { typing, useShortcut } from '../kit/useShortcut'
import { usePrefer } from '../kit/usePrefer'
import classes from './Keys.module.css'
import { commands, groups, phoneEntries } from './nav'
import { useShown } from './useNav'

const opened = new Set<() => void>()

/** Opens the map of the keyboard. */
export const openKeyMap = () => {
  for (const open of opened) open()
}

const places = groups.flatMap((group) => group.entries).filter((entry) => entry.key)
const patience = 1200

/** The keys that work on every page, and their map at `?`. */
export function Keys() {
  const router = useRouter()
  const shown = useShown()
  const [map, setMap] = useState(false)
  const go = (href: string) => void router.navigate({ href })
  const report = phoneEntries.filter((entry) => entry.word === 'report')

  useEffect(() => {
    const open = () => setMap(true)
    opened.add(open)
    return () => void opened.delete(open)
  }, [])
  useShortcut('?', () => setMap(true))
  useShortcut('c', () => shown(commands.slice(0, 1)).forEach((entry) => go(entry.to)))
  useShortcut('r', () => shown(report).forEach((entry) => go(entry.to)))
  useGoKeys((key) => {
    const entry = shown(places).find((place) => place.key === key)
    if (entry) go(entry.to)
    return entry !== undefined
  })
  return <KeyMap opened={map} close={() => setMap(false)} />
}

// g and then a letter; the letter means nothing else while g waits for it.
function useGoKeys(go: (key: string) => boolean) {
  const latest = useRef(go)
  latest.current = go
  useEffect(() => {
    let since = 0
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !preferences().letters) return
      const waits = event.timeStamp - since < patience
      since = 0
      if (waits && latest.current(event.key)) {
        event.preventDefault()
        event.stopImmediatePropagation()
      } else if (event.key === 'g') since = event.timeStamp
    }
    document.addEventListener('keydown', listen, true)
    return () => document.removeEventListener('keydown', listen, true)
  }, [])
}

function KeyMap({ opened: open, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation('shell')
  const shown = useShown()
  const { letters } = usePreferences()
  const prefer = usePrefer()
  useAlone(open)
  return (
    <Modal opened={open} onClose={close} title={t('keys')} size={640} closeButtonProps={{ 'aria-label': t('close') }}>
      <dl className={classes.map}>
        {keyMap.map(({ keys, word }) => (
          <Row key={word} keys={keys} says={t(`key.${word}`)} />
        ))}
        {shown(places).map((place) => (
          <Row key={place.to} keys={['g', place.key ?? '']} says={t(`nav.${place.word}`)} />
        ))}
      </dl>
      <Switch label={t('keys.letters')} description={t('keys.letters_help')} checked={letters} onChange={(event) => prefer({ letters: event.currentTarget.checked })} />
    </Modal>
  )
}

function Row({ keys, says }: { keys: readonly string[]; says: string }) {
  return (
    <div className={classes.row}>
      <dt>
        {keys.map((key, at) => (
          <Fragment key={key}>
            {key === '9' ? '–' : at > 0 ? ' ' : null}
            <kbd>{key}</kbd>
          </Fragment>
        ))}
      </dt>
      <dd>{says}</dd>
    </div>
  )
}
