import { Button } from '@mantine/core'
import { IconMapPin, IconPlus } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Code } from '../../kit/Code'
import { PageTitle } from '../../kit/PageTitle'
import { Failed, Loading, Note } from '../../kit/ScreenStates'
import { Tree } from '../../kit/Tree'
import { open, toggle, useOpened } from '../assets/opened'
import { groupsQuery, rowId } from '../assets/plant'
import { flatten } from '../assets/plantRows'
import { locationQuery, placesOf } from '../assets/queries'
import { ChangeLocation, NewLocation } from './LocationForm'
import classes from './Locations.module.css'

const route = getRouteApi('/shell/admin/locations')

/** The places of the plant as a tree, and the chosen one to change. */
export function Locations() {
  const { t } = useTranslation('locations')
  const { id, below } = route.useSearch()
  return (
    <section className={classes.screen}>
      <PageTitle
        title={t('title')}
        main={
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.75} />} renderRoot={(props) => <Link {...props} to="/admin/locations" search={{ below: id ?? 'root' }} />}>
            {t(id ? 'add_below' : 'add_site')}
          </Button>
        }
      />
      <div className={classes.split} data-shows={id || below ? 'form' : 'tree'}>
        <div className={classes.tree}>
          <PlaceTree selected={id} />
        </div>
        <div className={classes.form}>{below ? <NewLocation key={below} below={below} /> : id ? <Chosen id={id} /> : <Note icon={<IconMapPin size={16} stroke={1.75} />} title={t('choose')}>{t('choose_help')}</Note>}</div>
      </div>
    </section>
  )
}

function Chosen({ id }: { id: string }) {
  const location = useQuery(locationQuery(id))
  if (location.isPending) return <Loading />
  if (location.isError) return <Failed error={location.error} retry={() => void location.refetch()} />
  return <ChangeLocation key={id} read={location.data} />
}

function PlaceTree({ selected }: { selected?: string }) {
  const { t } = useTranslation('locations')
  const { t: words } = useTranslation('assets')
  const navigate = route.useNavigate()
  const router = useRouter()
  const { opened } = useOpened()
  const top = useQuery(groupsQuery('place', 'root'))
  const path = useQuery({ queryKey: ['locations', selected, 'path'], queryFn: () => placesOf(selected ?? ''), enabled: selected !== undefined }).data
  useEffect(() => {
    if (path) open(path.slice(0, -1).map((place) => rowId('place', place.id)))
  }, [path])
  const rowsOpen = [...opened].filter((row) => row.startsWith('l:'))
  const parts = useQueries({ queries: rowsOpen.map((row) => groupsQuery('place', row.slice(2))) })
  const known = new Map(rowsOpen.map((row, at) => [row, parts[at]?.data]))
  if (top.isPending) return <Loading />
  if (top.isError) return <Failed error={top.error} retry={() => void top.refetch()} />
  if (top.data.items.length === 0) {
    return (
      <Note icon={<IconMapPin size={16} stroke={1.75} />} title={t('none')}>
        {t('none_help')}
      </Note>
    )
  }
  return (
    <Tree
      label={t('title')}
      rows={flatten(top.data.items, opened, (row) => known.get(row), { more: words('tree.more'), state: () => '' })}
      selected={selected ? rowId('place', selected) : undefined}
      onToggle={(row) => toggle(row.id)}
      onOpen={(row) => {
        open([row.id])
        void navigate({ search: { id: row.record } })
      }}
      href={(row) => router.buildLocation({ to: '/admin/locations', search: { id: row.record } }).href}
    >
      {(row) => (
        <>
          <span className={classes.code}>
            <Code>{row.code}</Code>
          </span>{' '}
          <span className={classes.name}>{row.name}</span>
        </>
      )}
    </Tree>
  )
}
