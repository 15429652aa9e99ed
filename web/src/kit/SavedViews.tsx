import { Button, Popover, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './SavedViews.module.css'

export interface SavedView {
  key: string
  label: string
  /** Rows in it, as it is written: «128», «10,000+»; absent while not known. */
  count?: string
  /** The person's own, which can be removed. */
  own?: boolean
}

/** What a tab's ViewLink takes. */
export interface TabProps {
  className: string
  current: boolean
  children: ReactNode
}

interface SavedViewsProps {
  /** What they are views of, for who cannot see it. */
  label: string
  views: SavedView[]
  current: string
  /** A ViewLink to a view: the tabs are addresses. */
  link: (view: SavedView, props: TabProps) => ReactNode
  /** Keeps what is seen now under a name; absent where views cannot be kept. */
  onSave?: (name: string) => void
  onRemove?: (key: string) => void
}

/** Saved views of a list as tabs with live counts. */
export function SavedViews({ label, views, current, link, onSave, onRemove }: SavedViewsProps) {
  const { t } = useTranslation('kit')
  return (
    <nav className={classes.tabs} aria-label={label}>
      {views.map((view) => (
        <span key={view.key} className={classes.tab}>
          {link(view, {
            className: classes.link ?? '',
            current: view.key === current,
            children: (
              <>
                {view.label}
                {view.count ? <span className={classes.count}>{view.count}</span> : null}
              </>
            ),
          })}
          {view.own && onRemove ? (
            <button type="button" className={classes.remove} aria-label={t('view.remove', { name: view.label })} onClick={() => onRemove(view.key)}>
              <IconX size={12} stroke={1.75} />
            </button>
          ) : null}
        </span>
      ))}
      {onSave ? <Save onSave={onSave} /> : null}
    </nav>
  )
}

function Save({ onSave }: { onSave: (name: string) => void }) {
  const { t } = useTranslation('kit')
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!name.trim()) return
    onSave(name.trim())
    setName('')
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.save} onClick={() => setOpened(!opened)}>
          <IconPlus size={14} stroke={1.75} />
          {t('view.save')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('view.save')}>
        <form className={classes.form} onSubmit={submit}>
          <TextInput label={t('view.name')} maxLength={40} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <Button type="submit" variant="filled">
            {t('common:save')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
