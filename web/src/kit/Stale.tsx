import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../api/me'
import { Avatar } from './Avatar'
import { instant } from './figures'
import classes from './Stale.module.css'

/** A field that the person, somebody else or both changed. */
export interface StaleField {
  name: string
  label: string
  mine: ReactNode
  now: ReactNode
  /** The person changed it: what he entered counts when he keeps his own. */
  own: boolean
}

interface StaleProps {
  /** Who was faster, where that is known. */
  who?: string
  /** When the record was changed last. */
  at: string
  fields: StaleField[]
  /** Saves the own changes over what is there now; the rest stays as it is there. */
  onKeep: () => void
  /** Goes on from what is there now. */
  onDrop: () => void
}

/** Somebody was faster: who and when, what was entered beside what is there now, and which of them counts. */
export function Stale({ who, at, fields, onKeep, onDrop }: StaleProps) {
  const { t } = useTranslation()
  const { locale, zone } = usePlace()
  return (
    <section className={classes.stale} role="alert" data-loud>
      <h2>
        {who ? <Avatar name={who} /> : null}
        {t('stale.changed', { who: who ?? t('stale.somebody'), at: instant(at, locale, zone) })}
      </h2>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('stale.yours')}</th>
            <th scope="col">{t('stale.now')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, label, mine, now, own }) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td data-kept={own || undefined}>{mine}</td>
              <td data-kept={own ? undefined : true}>{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.actions}>
        <Button variant="filled" onClick={onKeep}>
          {t('stale.keep')}
        </Button>
        <Button onClick={onDrop}>{t('stale.drop')}</Button>
      </div>
    </section>
  )
}
