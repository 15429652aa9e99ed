import { Button } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, usePlace } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Note } from '../../kit/ScreenStates'
import { StateGlyph } from '../../kit/State'
import type { StateNoun } from '../../kit/states'
import { useFollow } from '../../kit/useFollow'
import type { Pages } from '../../kit/usePages'
import classes from '../imports/Imports.module.css'
import { type Tab, Tabs } from './Tabs'

interface Run {
  id: string
  status: string
  created_at: string
}

interface RunsProps<Row extends Run> {
  tab: Tab
  /** What the list is of, as the key of its queries begins: read again while one is under way. */
  noun: string
  Icon: Icon
  pages: Pages<Row>
  columns: TableColumn<Row>[]
  /** What a run is called before its time. */
  called: (one: Row) => string
  look: (one: Row) => { noun: StateNoun; state: string }
  /** The row on a phone: two words at its ends, and a line below. */
  phone: (one: Row) => readonly [string, string, string]
  open?: (id: string) => void
  /** The command that asks for one. */
  words: string
  ask: () => void
  busy?: boolean
  error?: Error | null
  children?: ReactNode
}

/** One of the lists of what the installation does by itself, for who may read it, with the command that asks for one. */
export function Runs<Row extends Run>({ tab, noun, Icon, pages, columns, called, look, phone, open, words, ask, busy = false, error = null, children }: RunsProps<Row>) {
  const { t } = useTranslation('backups')
  const may = useMay()
  const { locale, zone } = usePlace()
  useFollow(noun, pages.rows?.some(({ status }) => status === 'queued' || status === 'running') ?? false)
  return (
    <section className={classes.screen} aria-label={t(tab)}>
      <PageTitle
        list
        title={t(tab)}
        main={
          may('backups.run') ? (
            <Button variant="filled" leftSection={<Icon size={16} stroke={1.75} />} loading={busy} onClick={() => !busy && ask()}>
              {words}
            </Button>
          ) : null
        }
      />
      <Tabs current={tab} />
      <CommandProblem error={error} again={ask} />
      <DataTable
        label={t(tab)}
        scrollId={noun}
        columns={columns}
        {...pages}
        id={({ id }) => id}
        name={(one) => `${called(one)} ${instant(one.created_at, locale, zone)}`}
        glyph={(one) => <StateGlyph {...look(one)} />}
        onOpen={open && (({ id }) => open(id))}
        phone={(one) => {
          const [start, end, below] = phone(one)
          return (
            <span className={classes.phone}>
              <span>{start}</span>
              <span>{end}</span>
              <span className={classes.more}>{below}</span>
            </span>
          )
        }}
        empty={
          <Note icon={<Icon size={16} stroke={1.75} />} title={t(`no_${tab}`)}>
            {t(`no_${tab}_help`)}
          </Note>
        }
      />
      {children}
    </section>
  )
}
