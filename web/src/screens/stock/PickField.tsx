import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodedOption } from '../../kit/CodedOption'
import { type FieldProps, useFieldProps } from '../../kit/Fields'
import type { Picked } from './picked'
import type { Source } from './sources'

const written = ({ code, name }: Picked) => `${code} ${name}`.trim()

/** Picks one record of a source by code or name. */
export function PickField<P extends Picked, V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { source: Source<P>; onPicked?: (one: P | null) => void }) {
  const { form, name, source, optional, onPicked } = props
  const { t } = useTranslation('fields')
  const chosen = form.values[name] as P | null
  const [typed, setTyped] = useState(chosen ? written(chosen) : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = chosen && late === written(chosen) ? undefined : late || undefined
  const found = useQuery({ queryKey: [source.noun, 'pick', source.name, q ?? ''], queryFn: () => source.find(q), placeholderData: keepPreviousData })
  const known = new Map<string, P>([...(chosen ? [chosen] : []), ...(found.data ?? [])].map((each) => [each.id, each]))
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
      renderOption={({ option }) => <CodedOption {...known.get(option.value)} />}
      value={chosen?.id ?? null}
      onChange={(id) => {
        const one = id ? (known.get(id) ?? null) : null
        form.set(name, one as V[N])
        onPicked?.(one)
      }}
    />
  )
}
