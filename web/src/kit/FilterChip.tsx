import { Button, Checkbox, Loader, Popover, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlace } from '../api/me'
import { date, today } from './figures'
import type { Filter, FilterOption } from './Filters'
import { type FilterValues, toggled, valuesOf } from './filterValues'
import classes from './Filters.module.css'

interface ChipProps {
  filter: Filter
  values: FilterValues
  /** Opens at once, because it was just added. */
  begin: boolean
  onChange: (changed: FilterValues) => void
  onClosed: () => void
}

/** One condition: «Due to 29 Nov x». A click changes it, the cross takes it away. */
export function FilterChip({ filter, values, begin, onChange, onClosed }: ChipProps) {
  const { t } = useTranslation('kit')
  const [opened, setOpened] = useState(begin)
  const words = useWords(filter, values)
  const turn = (open: boolean) => {
    setOpened(open)
    if (!open) onClosed()
  }
  const clear = () => {
    turn(false)
    onChange(filter.kind === 'days' ? { [filter.from]: undefined, [filter.to]: undefined } : { [filter.key]: undefined })
  }
  return (
    <span className={classes.chip}>
      {filter.kind === 'flag' ? (
        <span className={classes.words}>{filter.label}</span>
      ) : (
        <Popover opened={opened} onChange={turn} position="bottom-start" trapFocus returnFocus>
          <Popover.Target>
            <button type="button" className={classes.words} onClick={() => turn(!opened)}>
              {filter.label} {words ? <b>{words}</b> : null}
            </button>
          </Popover.Target>
          <Popover.Dropdown className={classes.dropdown} aria-label={filter.label}>
            <Editor filter={filter} values={values} onChange={onChange} />
          </Popover.Dropdown>
        </Popover>
      )}
      <button type="button" className={classes.remove} aria-label={t('filter.remove', { name: filter.label })} onClick={clear}>
        <IconX size={14} stroke={1.75} />
      </button>
    </span>
  )
}

/** What a chip says behind its label. */
function useWords(filter: Filter, values: FilterValues): string {
  const { t } = useTranslation('kit')
  const { locale, zone } = usePlace()
  const ids = valuesOf(values[filter.key])
  const named = useNamed(filter, ids)
  if (filter.kind === 'flag') return ''
  if (filter.kind === 'days') {
    const day = (value: string | undefined) => date(value, locale, today(zone))
    const [from, to] = [values[filter.from], values[filter.to]]
    if (from && to) return from === to ? day(from) : t('filter.from_to', { from: day(from), to: day(to) })
    if (from) return t('filter.from', { from: day(from) })
    return to ? t('filter.to', { to: day(to) }) : ''
  }
  if (filter.kind === 'day') return date(values[filter.key], locale, today(zone))
  const options = filter.kind === 'choice' ? filter.options : named
  const texts = ids.map((id) => options.find(({ value }) => value === id)).map((option) => option?.code ?? option?.label ?? '…')
  return texts.length > 2 ? t('filter.and_more', { first: texts[0], count: texts.length - 1 }) : texts.join(', ')
}

function useNamed(filter: Filter, ids: string[]): FilterOption[] {
  const found = useQuery({
    queryKey: ['options', filter.key, ids],
    queryFn: () => (filter.kind === 'pick' ? filter.named(ids) : []),
    enabled: filter.kind === 'pick' && ids.length > 0,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  })
  return found.data ?? []
}

function Editor({ filter, values, onChange }: Pick<ChipProps, 'filter' | 'values' | 'onChange'>) {
  switch (filter.kind) {
    case 'choice':
      return <Choices name={filter.label} options={filter.options} value={values[filter.key]} onChange={(value) => onChange({ [filter.key]: value })} />
    case 'pick':
      return <Pick filter={filter} value={values[filter.key]} onChange={(value) => onChange({ [filter.key]: value })} />
    case 'days':
      return <Days filter={filter} values={values} onChange={onChange} />
    case 'day':
      return <TextInput type="date" aria-label={filter.label} value={values[filter.key] ?? ''} onChange={(event) => onChange({ [filter.key]: event.currentTarget.value || undefined })} />
    case 'flag':
      return null
  }
}

function Choices({ name, options, value, onChange }: { name: string; options: FilterOption[]; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const chosen = valuesOf(value)
  return (
    <div role="group" aria-label={name} className={classes.options}>
      {options.map((option) => (
        <Checkbox
          key={option.value}
          checked={chosen.includes(option.value)}
          onChange={() => onChange(toggled(value, option.value))}
          label={
            <span className={classes.option}>
              {option.icon}
              {option.code ? <span className="ms-code">{option.code}</span> : null}
              <span>{option.label}</span>
            </span>
          }
        />
      ))}
    </div>
  )
}

function Pick({ filter, value, onChange }: { filter: Extract<Filter, { kind: 'pick' }>; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const { t } = useTranslation('kit')
  const [text, setText] = useState('')
  const ids = valuesOf(value)
  const named = useNamed(filter, ids)
  const found = useQuery({ queryKey: ['options', filter.key, 'find', text], queryFn: () => filter.find(text), placeholderData: keepPreviousData, staleTime: 60_000 })
  const others = (found.data ?? []).filter((option) => !ids.includes(option.value))
  return (
    <>
      <TextInput
        aria-label={t('filter.find', { name: filter.label })}
        placeholder={t('filter.find', { name: filter.label })}
        rightSection={found.isFetching ? <Loader /> : null}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Choices name={filter.label} options={[...named.filter((option) => ids.includes(option.value)), ...others]} value={value} onChange={onChange} />
      {found.data?.length === 0 ? <p className={classes.nothing}>{t('filter.nothing')}</p> : null}
    </>
  )
}

function Days({ filter, values, onChange }: { filter: Extract<Filter, { kind: 'days' }>; values: FilterValues; onChange: (changed: FilterValues) => void }) {
  const { t } = useTranslation('kit')
  const clear = values[filter.from] || values[filter.to]
  return (
    <div className={classes.days}>
      <TextInput type="date" label={t('filter.day_from')} value={values[filter.from] ?? ''} max={values[filter.to]} onChange={(event) => onChange({ [filter.from]: event.currentTarget.value || undefined })} />
      <TextInput type="date" label={t('filter.day_to')} value={values[filter.to] ?? ''} min={values[filter.from]} onChange={(event) => onChange({ [filter.to]: event.currentTarget.value || undefined })} />
      {clear ? (
        <Button variant="subtle" onClick={() => onChange({ [filter.from]: undefined, [filter.to]: undefined })}>
          {t('filter.any_day')}
        </Button>
      ) : null}
    </div>
  )
}
