import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconDots, IconLock } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Commands.module.css'
import type { Key } from './keyMap'
import { useShortcut } from './useShortcut'

export interface Command {
  name: string
  /** Verb and object; carries amount or count where money or many records move. */
  label: string
  icon?: ReactNode
  run: () => void
  /** Sent and not yet answered: the width stays, a second click does nothing. */
  busy?: boolean
  /** What cannot be undone: last in the menu, red words. */
  danger?: boolean
  /** The key that does the same, shown on the main command. */
  hint?: Key
  /** Counts beside the label on the phone: «2 steps left». */
  more?: string
}

/** A command that is expected next and not allowed yet, with the reason in words. */
export interface LockedCommand {
  name: string
  label: string
  reason: string
}

interface CommandsProps {
  /** In the order of work: the first is the main one, two more are buttons, the rest is in the menu. */
  commands: Command[]
  locked?: LockedCommand
  /** `bar` under a title; `foot` at the thumb of the phone, full width; `card` at the foot of a phone's card, in one row. */
  place?: 'bar' | 'foot' | 'card'
  /** No main command: all are quiet. */
  quiet?: boolean
}

/** What the record lets this person do. Nothing is shown where nothing is allowed. */
export function Commands({ commands, locked, place = 'bar', quiet = false }: CommandsProps) {
  const sorted = [...commands.filter((c) => !c.danger), ...commands.filter((c) => c.danger)]
  const main = quiet ? undefined : sorted.find((c) => !c.danger)
  const rest = sorted.filter((c) => c !== main)
  const buttons = rest.filter((c) => !c.danger).slice(0, place === 'foot' ? 3 : 2)
  const menu = rest.filter((c) => !buttons.includes(c))
  if (!main && rest.length === 0 && !locked) return null
  if (place === 'card') {
    return (
      <div className={classes.card} data-tall={(main && buttons.length > 1) || undefined}>
        {main ? <CommandButton command={main} main /> : null}
        {buttons.map((c) => (
          <CommandButton key={c.name} command={c} />
        ))}
      </div>
    )
  }
  if (place === 'foot') {
    return (
      <div className={classes.foot}>
        {buttons.length > 0 ? <div className={classes.row}>{buttons.map((c) => <CommandButton key={c.name} command={c} />)}</div> : null}
        {main ? <CommandButton command={main} main /> : null}
      </div>
    )
  }
  return (
    <div className={classes.bar}>
      {sorted.map((c) => (c.hint ? <CommandKey key={c.name} letter={c.hint} command={c} /> : null))}
      {main ? <CommandButton command={main} main /> : null}
      {buttons.map((c) => (
        <CommandButton key={c.name} command={c} />
      ))}
      {locked ? <Locked command={locked} /> : null}
      <span className={classes.space} />
      <CommandMenu commands={menu} />
    </div>
  )
}

/** The commands that have no button of their own at a phone's foot: for its header. */
export function footMenu(commands: Command[]): Command[] {
  const sorted = [...commands.filter((c) => !c.danger), ...commands.filter((c) => c.danger)]
  const plain = sorted.filter((c) => !c.danger)
  return sorted.filter((c) => c.danger || plain.indexOf(c) > 3)
}

function CommandKey({ letter, command }: { letter: Key; command: Command }) {
  useShortcut(letter, () => !command.busy && command.run())
  return null
}

function CommandButton({ command, main = false }: { command: Command; main?: boolean }) {
  return (
    <Button
      variant={main ? 'filled' : 'default'}
      className={main ? classes.main : classes.button}
      aria-disabled={command.busy || undefined}
      aria-busy={command.busy || undefined}
      onClick={() => !command.busy && command.run()}
      leftSection={command.busy ? <span className={classes.spinner} /> : command.icon}
    >
      {command.label}
      {main && command.hint ? <kbd className={`ms-key ${classes.key}`}>{command.hint.toUpperCase()}</kbd> : null}
      {command.more ? <span className={classes.more}>{command.more}</span> : null}
    </Button>
  )
}

function Locked({ command }: { command: LockedCommand }) {
  const reason = useId()
  return (
    <span className={classes.locked}>
      <Button aria-disabled aria-describedby={reason} className={classes.dashed} leftSection={<IconLock size={16} stroke={1.75} />}>
        {command.label}
      </Button>
      <span id={reason} className={classes.reason}>
        {command.reason}
      </span>
    </span>
  )
}

/** The three-dot menu of a record's further commands; nothing where there are none. */
export function CommandMenu({ commands }: { commands: Command[] }) {
  const { t } = useTranslation('commands')
  if (commands.length === 0) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('more')}>
          <ActionIcon variant="default" className={classes.dots} aria-label={t('more')}>
            <IconDots size={18} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {commands.map((c) => (
          <Menu.Item key={c.name} leftSection={c.icon} color={c.danger ? 'var(--ms-red-text)' : undefined} onClick={c.run}>
            {c.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
