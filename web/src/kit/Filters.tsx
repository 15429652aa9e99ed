import { Button, Menu, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FilterChip } from './FilterChip'
import type { FilterValues } from './filterValues'
import classes from './Filters.module.css'
import { useShortcut } from './useShortcut'

export interface FilterOption {
  value: string
  label: string
  /** Stands before the label: a code. */
  code?: string
  icon?: ReactNode
}

interface Common {
  /** Key in the address. */
  key: string
  label: string
}

/** A condition that a list can have. Values stand in the address, several of one key with commas between. */
export type Filter =
  /** One or more of a few. */
  | (Common & { kind: 'choice'; options: FilterOption[] })
  /** One or more of many, found by typing; `named` gives the options of ids that stand in the address. */
  | (Common & { kind: 'pick'; find: (text: string) => Promise<FilterOption[]>; named: (ids: string[]) => Promise<FilterOption[]> })
  /** Days from and to, both included; two keys in the address. */
  | (Common & { kind: 'days'; from: string; to: string })
  /** One day. */
  | (Common & { kind: 'day' })
  /** Holds or does not: `true`. */
  | (Common & { kind: 'flag' })

interface FiltersProps {
  filters: Filter[]
  values: FilterValues
  /** Changed keys only; undefined takes a key away. */
  onChange: (changed: FilterValues) => void
  /** Key of the text searched for; without it there is no field. */
  searchKey?: string
  /** At the right end: the column chooser. */
  children?: ReactNode
}

export const keysOf = (filter: Filter): string[] => (filter.kind === 'days' ? [filter.from, filter.to] : [filter.key])

/** The filter row of a list: a field, a chip for each condition that holds, and «+ Filter» for the others. */
export function Filters({ filters, values, onChange, searchKey, children }: FiltersProps) {
  const { t } = useTranslation('kit')
  // A chip that was just added has no value yet: it lives here until it has one or is closed.
  const [added, setAdded] = useState<string>()
  const [menu, setMenu] = useState(false)
  useShortcut('f', () => setMenu(true))
  const holds = (filter: Filter) => keysOf(filter).some((key) => values[key] !== undefined)
  const shown = filters.filter((filter) => holds(filter) || filter.key === added)
  const others = filters.filter((filter) => !shown.includes(filter))
  const add = (filter: Filter) => (filter.kind === 'flag' ? onChange({ [filter.key]: 'true' }) : setAdded(filter.key))

  return (
    <div className={classes.bar} role="search">
      {searchKey ? <Search value={values[searchKey] ?? ''} onChange={(text) => onChange({ [searchKey]: text || undefined })} /> : null}
      {shown.map((filter) => (
        <FilterChip
          key={filter.key}
          filter={filter}
          values={values}
          begin={filter.key === added}
          onChange={onChange}
          onClosed={() => setAdded((key) => (key === filter.key ? undefined : key))}
        />
      ))}
      {others.length > 0 ? (
        <Menu opened={menu} onChange={setMenu} position="bottom-start">
          <Menu.Target>
            <button type="button" className={classes.add}>
              <IconPlus size={14} stroke={1.75} />
              {t('filter.add')}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((filter) => (
              <Menu.Item key={filter.key} onClick={() => add(filter)}>
                {filter.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {shown.filter(holds).length > 1 ? (
        <Button variant="subtle" className={classes.clear} onClick={() => onChange(Object.fromEntries(filters.flatMap(keysOf).map((key) => [key, undefined])))}>
          {t('common:clear_filters')}
        </Button>
      ) : null}
      {children ? <span className={classes.end}>{children}</span> : null}
    </div>
  )
}

const typingPause = 250

/** Searches while typing, a moment after the last key. */
function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('kit')
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [from, setFrom] = useState(value)
  const latest = useRef(onChange)
  latest.current = onChange
  if (from !== value) {
    setFrom(value)
    if (value !== text.trim()) setText(value)
  }
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => latest.current(text.trim()), typingPause)
    return () => clearTimeout(timer)
  }, [text, value])
  useShortcut('/', () => field.current?.focus())
  return (
    <TextInput
      ref={field}
      className={classes.search}
      type="search"
      aria-label={t('filter.search')}
      placeholder={t('filter.search')}
      leftSection={<IconSearch size={14} stroke={1.75} />}
      rightSection={text ? null : <kbd className={classes.key}>/</kbd>}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && (text ? setText('') : event.currentTarget.blur())}
    />
  )
}
