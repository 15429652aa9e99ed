import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../api/me'
import { CodedOption } from './CodedOption'
import { findPlaces, type WorkPlace } from './places'

const written = (place: WorkPlace) => `${place.code} ${place.name}`

interface PlacePickerProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: WorkPlace | null
  onChange: (place: WorkPlace | null) => void
}

/** Picks an asset or a location by code, name or serial number; shows code, name and place. */
export function PlacePicker({ value, onChange, ...select }: PlacePickerProps) {
  const { t } = useTranslation('fields')
  const may = useMay()
  const [typed, setTyped] = useState(value ? written(value) : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = value && late === written(value) ? undefined : late || undefined
  const found = useQuery({ queryKey: ['assets', 'places', q ?? ''], queryFn: () => findPlaces(q, may('assets.read')), placeholderData: keepPreviousData })
  const known = new Map([...(value ? [value] : []), ...(found.data ?? [])].map((place) => [place.id, place]))
  const group = (kind: WorkPlace['kind']) => [...known.values()].filter((place) => place.kind === kind).map((place) => ({ value: place.id, label: written(place) }))
  return (
    <Select
      {...select}
      searchable
      openOnFocus={false}
      clearButtonProps={{ 'aria-label': t('clear') }}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[
        { group: t('place.assets'), items: group('asset') },
        { group: t('place.locations'), items: group('location') },
      ].filter(({ items }) => items.length > 0)}
      filter={({ options }) => options}
      nothingFoundMessage={t('nothing_found')}
      renderOption={({ option }) => <CodedOption {...known.get(option.value)} />}
      value={value?.id ?? null}
      onChange={(id) => onChange(id ? (known.get(id) ?? null) : null)}
    />
  )
}
