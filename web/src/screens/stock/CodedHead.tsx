import { Button } from '@mantine/core'
import { IconArchive, IconPencil, IconRestore } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Code } from '../../kit/Code'
import { type Command, CommandMenu } from '../../kit/Commands'
import { CommandProblem } from '../../kit/CommandProblem'
import { PageTitle } from '../../kit/PageTitle'
import classes from './Page.module.css'

const icon = { size: 16, stroke: 1.75 }

interface CodedHeadProps {
  record: { code: string; name: string; archived_at?: string | null }
  /** Without it nothing of the record is changed here. */
  writes: boolean
  onEdit: () => void
  /** Takes the record out of use, or back into it. */
  onTurn: () => void
  error: Error | null
  badges?: ReactNode
  /** Stand in the menu before that. */
  commands?: Command[]
  main?: ReactNode
}

/** The head of a page of what has a code and is taken out of use, not deleted. */
export function CodedHead({ record: { code, name, archived_at }, writes, onEdit, onTurn, error, badges, commands = [], main }: CodedHeadProps) {
  const { t } = useTranslation('stock')
  const out = Boolean(archived_at)
  const turn: Command = { name: 'archive', label: t(out ? 'restore' : 'archive'), icon: out ? <IconRestore {...icon} /> : <IconArchive {...icon} />, danger: !out, run: onTurn }
  const shown = writes ? [...commands, turn] : commands
  return (
    <>
      <PageTitle
        name={`${code} ${name}`}
        title={
          <>
            <Code>{code}</Code> {name}
          </>
        }
        badges={
          badges || out ? (
            <>
              {badges}
              {out ? <span className={classes.chip}>{t('archived')}</span> : null}
            </>
          ) : null
        }
        actions={
          shown.length > 0 ? (
            <>
              {writes && !out ? (
                <Button leftSection={<IconPencil {...icon} />} onClick={onEdit}>
                  {t('edit')}
                </Button>
              ) : null}
              <CommandMenu commands={shown} />
            </>
          ) : null
        }
        main={main}
      />
      <div className={classes.strip}>
        <CommandProblem error={error} again={onTurn} />
      </div>
    </>
  )
}
