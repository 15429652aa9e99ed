import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FieldProps, useFieldProps } from './Fields'

interface RecordFieldProps<R> {
  /** How the key of its queries begins: the noun first, by which live events refresh them. */
  queryKey: readonly string[]
  /** Searches; without words it gives the first few. */
  find: (q: string | undefined) => Promise<R[]>
  written: (record: R) => string
  option?: (record: R | undefined) => ReactNode
  onPicked?: (record: R | null) => void
}

/** Picks one record by what is written of it; the server searches. The value is the record itself, so that its words are known at once. */
export function RecordField<R extends { id: string }, V extends object, N extends keyof V & string>(props: FieldProps<V, N> & RecordFieldProps<R>) {
  const { form, name, optional, queryKey, find, written, option, onPicked } = props
  const { t } = useTranslation('fields')
  const chosen = form.values[name] as R | null
  const [typed, setTyped] = useState(chosen ? written(chosen) : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = chosen && late === written(chosen) ? undefined : late || undefined
  const found = useQuery({ queryKey: [...queryKey, q ?? ''], queryFn: () => find(q), placeholderData: keepPreviousData })
  const known = new Map<string, R>([...(chosen ? [chosen] : []), ...(found.data ?? [])].map((each) => [each.id, each]))
  return (
    <Select
      {...useFieldProps(props)}
      searchable
      clearable={optional}
      clearButtonProps={{ 'aria-label': t('clear') }}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...known.values()].map((each) => ({ value: each.id, label: written(each) }))}
      filter={({ options }) => options}
      nothingFoundMessage={t('nothing_found')}
      renderOption={option && (({ option: { value } }) => option(known.get(value)))}
      value={chosen?.id ?? null}
      onChange={(id) => {
        const one = id ? (known.get(id) ?? null) : null
        form.set(name, one as V[N])
        onPicked?.(one)
      }}
    />
  )
}
