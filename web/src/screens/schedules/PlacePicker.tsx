import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSitemap } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/me'
import { Code } from '../../kit/Code'
import type { Place } from './draft'
import classes from './PlacePicker.module.css'
import { findPlaces } from './queries'

const nameOf = (place: Place) => `${place.code} ${place.name}`

/** Picks an asset or a location by code, name or serial number; shows code, name and where it stands. */
export function PlacePicker({ value, error, onChange }: { value: Place | null; error?: string; onChange: (place: Place | null) => void }) {
  const { t } = useTranslation('schedules')
  const may = useMay()
  const [typed, setTyped] = useState(value ? nameOf(value) : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = value && late === nameOf(value) ? undefined : late || undefined
  const found = useQuery({ queryKey: ['assets', 'places', 'schedules', q ?? ''], queryFn: () => findPlaces(q, may('assets.read')), placeholderData: keepPreviousData })
  const known = new Map([...(value ? [value] : []), ...(found.data ?? [])].map((place) => [place.id, place]))
  const group = (kind: Place['kind']) => [...known.values()].filter((place) => place.kind === kind).map((place) => ({ value: place.id, label: nameOf(place) }))
  return (
    <Select
      aria-label={t('editor.place')}
      placeholder={t('editor.place')}
      data-field="place"
      leftSection={<IconSitemap size={16} stroke={1.75} />}
      error={error}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('place.clear') }}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[
        { group: t('place.assets'), items: group('asset') },
        { group: t('place.locations'), items: group('location') },
      ].filter(({ items }) => items.length > 0)}
      filter={({ options }) => options}
      nothingFoundMessage={t('place.nothing')}
      renderOption={({ option }) => {
        const place = known.get(option.value)
        return (
          <span className={classes.option}>
            <Code>{place?.code}</Code>
            <span className={classes.name}>{place?.name}</span>
            <span className={classes.at}>{place?.at}</span>
          </span>
        )
      }}
      value={value?.id ?? null}
      onChange={(id) => onChange(id ? (known.get(id) ?? null) : null)}
    />
  )
}
