import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { useMe } from '../../api/me'
import { type FieldProps, useFieldProps } from '../../kit/Fields'

export type Person = Schemas['Person']

/** Picks one colleague by name; never the reader himself. */
export function PersonField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name, optional } = props
  const { t } = useTranslation('fields')
  const me = useMe()
  const chosen = form.values[name] as Person | null
  const [typed, setTyped] = useState(chosen?.name ?? '')
  const [late] = useDebouncedValue(typed, 150)
  const q = late === chosen?.name ? '' : late
  const found = useQuery({ queryKey: ['people', 'find', q], queryFn: () => ok(api.GET('/v1/people', { params: { query: { q: q || undefined, limit: 20 } } })), placeholderData: keepPreviousData })
  const known = new Map([...(chosen ? [chosen] : []), ...(found.data?.items ?? [])].filter(({ id }) => id !== me.id).map((person) => [person.id, person]))
  return (
    <Select
      {...useFieldProps(props)}
      searchable
      clearable={optional}
      clearButtonProps={{ 'aria-label': t('clear') }}
      nothingFoundMessage={t('nothing_found')}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...known.values()].map((person) => ({ value: person.id, label: person.name }))}
      filter={({ options }) => options}
      value={chosen?.id ?? null}
      onChange={(id) => form.set(name, (id ? (known.get(id) ?? null) : null) as V[N])}
    />
  )
}
