import { Button, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Answered, answered, api } from '../../api/client'
import { usePlace } from '../../api/me'
import { Failed, Loading } from '../../kit/ScreenStates'
import { type Draft, draftOf, rruleOfDraft, type Schedule } from './draft'
import { describeRule } from './describe'
import classes from './Editor.module.css'

interface StaleProps {
  id: string
  mine: Draft
  base: Draft
  keep: (etag: string) => void
  drop: (now: Answered<Schedule>) => void
}

const names = { title: 'editor.title', calendar: 'editor.when', meter: 'when.meter', shift: 'editor.late', tolerance: 'editor.tolerance', lead: 'editor.lead', catchUp: 'editor.missed', lastDone: 'editor.last_done', priority: 'editor.priority', jobPlan: 'editor.job_plan', cost: 'editor.cost', hours: 'editor.hours' } as const
type Name = keyof typeof names

/** Somebody changed the schedule meanwhile: what is typed here beside what is stored now; keep the one or the other. */
export function Stale({ id, mine, base, keep, drop }: StaleProps) {
  const { t } = useTranslation('schedules')
  const { locale } = usePlace()
  const read = useQuery({ queryKey: ['maintenance-schedules', id, 'stored'], queryFn: () => answered(api.GET('/v1/maintenance-schedules/{id}', { params: { path: { id } } })), staleTime: 0 })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} /> : <Loading rows={2} />
  const now = draftOf(read.data.data)
  const { etag } = read.data
  const words = (draft: Draft, name: Name): string => {
    switch (name) {
      case 'calendar':
        return draft.calendar ? describeRule(rruleOfDraft(draft) ?? '', t, locale) : ''
      case 'meter':
        return draft.meter?.every ?? ''
      case 'catchUp':
        return t(`editor.missed_${draft.catchUp}`)
      case 'priority':
        return t(`states:priority.${draft.priority}`)
      default:
        return String(draft[name])
    }
  }
  const rows = (Object.keys(names) as Name[]).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(base[name]) || JSON.stringify(mine[name]) !== JSON.stringify(base[name]))
  return (
    <section className={classes.stale} role="alert">
      <h2>{t('editor.stale')}</h2>
      <p className={classes.words}>{t('editor.stale_help')}</p>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('editor.stale_field')}</Table.Th>
            <Table.Th>{t('editor.stale_yours')}</Table.Th>
            <Table.Th>{t('editor.stale_now')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((name) => (
            <Table.Tr key={name}>
              <Table.Td>{t(names[name])}</Table.Td>
              <Table.Td>{words(mine, name)}</Table.Td>
              <Table.Td>{words(now, name)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <div className={classes.actions}>
        <Button onClick={() => keep(etag ?? '')}>{t('editor.stale_keep')}</Button>
        <Button onClick={() => drop(read.data)}>{t('editor.stale_drop')}</Button>
      </div>
    </section>
  )
}
