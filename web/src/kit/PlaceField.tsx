import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../api/client'
import { useMay } from '../api/me'
import { Code } from './Code'
import { type FieldProps, useFieldProps } from './Fields'
import classes from './PlaceField.module.css'

/** What work is for: an asset, or a location. */
export interface WorkPlace {
  kind: 'asset' | 'location'
  id: string
  code: string
  name: string
  /** Where an asset stands. */
  place?: string
}

/** Picks an asset or a location by code, name or serial number; shows code, name and place. */
export function PlaceField<V extends object, N extends keyof V & string>(props: FieldProps<V, N>) {
  const { form, name } = props
  const { t } = useTranslation('fields')
  const may = useMay()
  const chosen = form.values[name] as WorkPlace | null
  const [typed, setTyped] = useState(chosen ? `${chosen.code} ${chosen.name}` : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = chosen && late === `${chosen.code} ${chosen.name}` ? undefined : late || undefined
  const found = useQuery({
    queryKey: ['assets', 'places', q ?? ''],
    placeholderData: keepPreviousData,
    async queryFn(): Promise<WorkPlace[]> {
      const [assets, locations] = await Promise.all([
        may('assets.read') ? ok(api.GET('/v1/assets', { params: { query: { q, limit: 12 } } })) : undefined,
        ok(api.GET('/v1/locations', { params: { query: { q, limit: 6 } } })),
      ])
      return [
        ...(assets?.items ?? []).map(({ id, code, name, location }) => ({ kind: 'asset' as const, id, code, name, place: location?.name })),
        ...(locations.items ?? []).map(({ id, code, name, parent }) => ({ kind: 'location' as const, id, code, name, place: parent?.name })),
      ]
    },
  })
  const known = new Map([...(chosen ? [chosen] : []), ...(found.data ?? [])].map((place) => [place.id, place]))
  const group = (kind: WorkPlace['kind']) => [...known.values()].filter((place) => place.kind === kind).map((place) => ({ value: place.id, label: `${place.code} ${place.name}` }))
  return (
    <Select
      {...useFieldProps(props)}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      data={[
        { group: t('place.assets'), items: group('asset') },
        { group: t('place.locations'), items: group('location') },
      ].filter(({ items }) => items.length > 0)}
      filter={({ options }) => options}
      nothingFoundMessage={t('nothing_found')}
      renderOption={({ option }) => {
        const place = known.get(option.value)
        return (
          <span className={classes.option}>
            <Code>{place?.code}</Code>
            <span className={classes.name}>{place?.name}</span>
            <span className={classes.place}>{place?.place}</span>
          </span>
        )
      }}
      value={chosen?.id ?? null}
      onChange={(id) => form.set(name, (id ? (known.get(id) ?? null) : null) as V[N])}
    />
  )
}
