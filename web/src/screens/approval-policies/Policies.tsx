import { Button } from '@mantine/core'
import { IconFilterOff, IconGavel, IconPlus, IconTestPipe } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { useMay, usePlace } from '../../api/me'
import { DataTable, type TableColumn } from '../../kit/DataTable'
import { instant, money } from '../../kit/figures'
import { type Filter, Filters } from '../../kit/Filters'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { SavedViews } from '../../kit/SavedViews'
import { Note } from '../../kit/ScreenStates'
import { Sheet } from '../../kit/Sheet'
import { usePages } from '../../kit/usePages'
import { usePhone } from '../../kit/usePhone'
import { subjectTypes } from '../approvals/approval'
import classes from './Policies.module.css'
import type { Policy } from './queries'
import { type PolicySearch, type Question, queryOf, sortOf, viewOf, views } from './search'
import { Simulator } from './Simulator'

const route = getRouteApi('/shell/admin/approval-policies')
const icon = { size: 16, stroke: 1.75 }

/** What needs whose approval, and the simulator that says what the policies in use would demand. */
export function Policies() {
  const { t } = useTranslation('policies')
  const may = useMay()
  const phone = usePhone()
  const { locale, zone } = usePlace()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/admin/approval-policies' })
  const [trying, setTrying] = useState(false)
  const change = (changed: Partial<PolicySearch>) => void navigate({ search: (old: PolicySearch) => ({ ...old, ...changed }), replace: true })
  const query = { ...queryOf(search), sort: sortOf(search), limit: 200 }
  const pages = usePages<Policy>(['approval-policies', 'list', query], (cursor, signal) => ok(api.GET('/v1/approval-policies', { params: { query: { ...query, cursor } }, signal })))
  const nameOf = (policy: Policy) => policy.name || t(`approvals:subject.${policy.subject}`)
  const from = ({ rules }: Policy) => {
    const [least] = (rules ?? []).map(({ min_amount }) => min_amount).sort((a, b) => Number(a?.amount ?? 0) - Number(b?.amount ?? 0))
    return least ? t('from', { amount: money(least, locale) }) : t('from.any')
  }
  const columns = useMemo<TableColumn<Policy>[]>(
    () => [
      { key: 'name', head: t('name'), sort: 'name', cell: nameOf },
      { key: 'subject', head: t('about'), width: 180, rank: 1, cell: ({ subject }) => t(`approvals:subject.${subject}`) },
      { key: 'from', head: t('amount'), width: 160, rank: 2, cell: from },
      { key: 'rules', head: t('rules'), width: 90, align: 'right', rank: 3, cell: ({ rules }) => rules?.length ?? 0 },
      { key: 'changed', head: t('changed'), width: 150, align: 'right', rank: 4, cell: ({ updated_at }) => instant(updated_at, locale, zone) },
    ],
    [t, locale, zone],
  )
  const filters = useMemo<Filter[]>(() => [{ kind: 'choice', key: 'subject', label: t('about'), options: subjectTypes.map((value) => ({ value, label: t(`approvals:subject.${value}`) })) }], [t])
  const simulator = <Simulator question={search} onQuestion={(question: Question) => change(question)} />
  return (
    <section className={classes.screen} aria-label={t('heading')}>
      <PageTitle list
        title={t('heading')}
        actions={
          phone ? (
            <Button leftSection={<IconTestPipe {...icon} />} onClick={() => setTrying(true)}>
              {t('try')}
            </Button>
          ) : null
        }
        main={may('approval_policies.write') ? <New /> : null}
      />
      <SavedViews label={t('views')} views={views.map((key) => ({ key, label: t(`view.${key}`) }))} current={viewOf(search)} link={({ key }, props) => <Link to="/admin/approval-policies" search={{ ...search, saved: key === 'used' ? undefined : key }} {...props} />} />
      <Filters filters={filters} values={{ subject: search.subject }} onChange={change} />
      <div className={phone ? classes.table : classes.split}>
        <div className={classes.table}>
          <DataTable
            label={t('heading')}
            scrollId="approval-policies"
            columns={columns}
            {...pages}
            id={({ id }) => id}
            name={nameOf}
            sort={sortOf(search)}
            onSort={(sort) => change({ sort: sort === 'created_at' ? undefined : sort })}
            onOpen={({ id }) => void navigate({ to: '/admin/approval-policies/$policyId', params: { policyId: id } })}
            empty={<Empty search={search} onClear={() => change({ subject: undefined })} />}
            phone={(policy) => (
              <span className={classes.phone}>
                <span>{nameOf(policy)}</span>
                <span className={classes.more}>
                  {t(`approvals:subject.${policy.subject}`)}, {from(policy)}
                </span>
              </span>
            )}
          />
        </div>
        {phone ? null : (
          <aside className={classes.aside} aria-label={t('try')}>
            <Panel title={t('try')} note={t('try.used')}>
              {simulator}
            </Panel>
          </aside>
        )}
      </div>
      {trying && phone ? (
        <Sheet title={t('try')} onClose={() => setTrying(false)}>
          {simulator}
        </Sheet>
      ) : null}
    </section>
  )
}

function New() {
  const { t } = useTranslation('policies')
  return (
    <Button variant="filled" leftSection={<IconPlus {...icon} />} renderRoot={(props) => <Link to="/admin/approval-policies/new" {...props} />}>
      {t('new')}
    </Button>
  )
}

function Empty({ search, onClear }: { search: PolicySearch; onClear: () => void }) {
  const { t } = useTranslation('policies')
  const may = useMay()
  if (search.subject) return <Note icon={<IconFilterOff {...icon} />} title={t('empty.filtered')} actions={<Button onClick={onClear}>{t('common:clear_filters')}</Button>} />
  if (viewOf(search) === 'archived') return <Note icon={<IconGavel {...icon} />} title={t('empty.archived')} />
  return (
    <Note icon={<IconGavel {...icon} />} title={t('empty')} actions={may('approval_policies.write') ? <New /> : null}>
      {t('empty.help')}
    </Note>
  )
}
