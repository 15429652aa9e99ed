import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { CodedOption } from '../../kit/CodedOption'
import { type FieldProps, useFieldProps } from '../../kit/Fields'
import type { RefValue } from './refs'

export type RefKind = 'asset' | 'location' | 'category' | 'department' | 'cost_center'

type Placed = RefValue & { place?: string }

async function find(kind: RefKind, q: string | undefined): Promise<Placed[]> {
  const params = { query: { q, limit: 20, sort: 'code' as const } }
  if (kind === 'asset') return ((await ok(api.GET('/v1/assets', { params }))).items ?? []).map(({ id, code, name, location }) => ({ id, code, name, place: location.name }))
  if (kind === 'location') return ((await ok(api.GET('/v1/locations', { params }))).items ?? []).map(({ id, code, name, parent }) => ({ id, code, name, place: parent?.name }))
  const paths = { category: '/v1/asset-categories', department: '/v1/departments', cost_center: '/v1/cost-centers' } as const
  return ((await ok(api.GET(paths[kind], { params }))).items ?? []).map(({ id, code, name }) => ({ id, code, name }))
}

const keys: Record<RefKind, string> = { asset: 'assets', location: 'locations', category: 'asset-categories', department: 'departments', cost_center: 'cost-centers' }
const written = (ref: RefValue) => `${ref.code} ${ref.name}`

/** Picks one record by code or name; shows code, name and place. */
export function RefField<V extends object, N extends keyof V & string>(props: FieldProps<V, N> & { kind: RefKind }) {
  const { form, name, kind, optional } = props
  const { t } = useTranslation('fields')
  const chosen = form.values[name] as RefValue | null
  const [typed, setTyped] = useState(chosen ? written(chosen) : '')
  const [late] = useDebouncedValue(typed, 150)
  const q = chosen && late === written(chosen) ? undefined : late || undefined
  const found = useQuery({ queryKey: [keys[kind], 'pick', q ?? ''], queryFn: () => find(kind, q), placeholderData: keepPreviousData })
  const known = new Map<string, Placed>([...(chosen ? [chosen] : []), ...(found.data ?? [])].map((each) => [each.id, each]))
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
      onChange={(id) => form.set(name, (id ? (known.get(id) ?? null) : null) as V[N])}
    />
  )
}
