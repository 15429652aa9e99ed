import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../api/client'
import { type FieldProps, useFieldProps } from './Fields'

export type Person = Schemas['Person']

/** Picks people by name. The value is the people themselves, so that their names are known at once. */
export function PeopleField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name } = props
  const { t } = useTranslation('fields')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 150)
  const found = useQuery({
    queryKey: ['people', 'find', q],
    queryFn: () => ok(api.GET('/v1/people', { params: { query: { q: q || undefined, limit: 20 } } })),
    placeholderData: keepPreviousData,
  })
  const chosen = form.values[name] as Person[]
  const known = new Map([...chosen, ...(found.data?.items ?? [])].map((person) => [person.id, person]))
  return (
    <MultiSelect
      {...useFieldProps(props)}
      searchable
      hidePickedOptions
      clearButtonProps={{ 'aria-label': t('clear') }}
      nothingFoundMessage={t('nothing_found')}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...known.values()].map((person) => ({ value: person.id, label: person.name }))}
      // The server has searched; a second filter here would hide what it found by other spellings.
      filter={({ options }) => options}
      value={chosen.map((person) => person.id)}
      onChange={(ids) => form.set(name, ids.flatMap((id) => known.get(id) ?? []) as V[N])}
    />
  )
}
