import type { ReactNode } from 'react'
import classes from './PageTitle.module.css'
import { usePageName } from './pageName'

interface PageTitleProps {
  title: ReactNode
  /** Rows stand below, whose edge is nearer than that of panels. */
  list?: boolean
  /** The title in plain words for the window and the header's path; needed where `title` is more than text. */
  name?: string
  /** Stands after the title, quieter. */
  note?: ReactNode
  /** Badges under the title. */
  badges?: ReactNode
  /** Secondary commands at the right. */
  actions?: ReactNode
  /** The one ink command; on the phone it lies full width at the bottom. */
  main?: ReactNode
}

/** The title row of a page, its one main heading. It stays while the content scrolls. */
export function PageTitle({ title, list, name, note, badges, actions, main }: PageTitleProps) {
  usePageName(name ?? (typeof title === 'string' ? title : ''))
  return (
    <header className={classes.head} data-list={list || undefined}>
      <div className={classes.words}>
        <h1 className={classes.title}>{title}</h1>
        {note ? <span className={classes.note}>{note}</span> : null}
        {badges ? <div className={classes.badges}>{badges}</div> : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
      {main ? (
        <div className={classes.main} data-phone-commands>
          {main}
        </div>
      ) : null}
    </header>
  )
}
