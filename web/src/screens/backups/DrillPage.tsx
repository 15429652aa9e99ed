import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { bytes } from '../../kit/bytes'
import { duration, instant } from '../../kit/figures'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { State } from '../../kit/State'
import classes from '../imports/Imports.module.css'
import { stateOf } from './drill'
import own from './DrillPage.module.css'

const route = getRouteApi('/shell/admin/restore-drills/$drillId')

/** One drill: its verdict, what it measured and what it looked at, with the evidence to take along. */
export function DrillPage() {
  const { t } = useTranslation('backups')
  const { locale, zone } = usePlace()
  const { drillId } = route.useParams()
  // No event tells each step.
  const read = useQuery({
    queryKey: ['restore-drills', drillId],
    queryFn: () => ok(api.GET('/v1/restore-drills/{id}', { params: { path: { id: drillId } } })),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'completed' ? 1000 : false),
  })
  if (!read.data) return read.error ? <Failed error={read.error} retry={() => void read.refetch()} page /> : <Loading />
  const one = read.data
  const over = one.status === 'completed'
  return (
    <section className={classes.screen}>
      <PageTitle
        title={t('drill_of', { time: instant(one.created_at, locale, zone) })}
        badges={<State noun="drill" state={stateOf(one)} />}
        actions={
          over ? (
            <>
              {(['pdf', 'json'] as const).map((format) => (
                <Button key={format} component="a" href={`/v1/restore-drills/${one.id}/report?format=${format}`} download leftSection={<IconDownload size={14} stroke={1.75} />}>
                  {t(`evidence_${format}`)}
                </Button>
              ))}
            </>
          ) : null
        }
      />
      <div className={classes.page}>
        {one.fault ? (
          <p>
            {t(`spoilt.${one.fault}`)}. {t('proves_nothing')}
          </p>
        ) : null}
        {over ? <Figures one={one} /> : <p role="status">{t(`step.${one.status as 'queued'}`)}</p>}
        {over ? (
          <Panel title={t('checks')} flush>
            <ul className={own.checks}>
              {(one.checks ?? []).map((check) => (
                <li key={check.name}>
                  <State noun="drill" state={check.verdict} />
                  <strong>{t(`check.${check.name}`, { defaultValue: check.name })}</strong>
                  <span>{check.detail}</span>
                </li>
              ))}
            </ul>
          </Panel>
        ) : null}
        {one.process?.url ? (
          <p>
            <a href={one.process.url} target="_blank" rel="noreferrer">
              {t('process')}
            </a>
          </p>
        ) : null}
      </div>
    </section>
  )
}

function Figures({ one }: { one: Schemas['RestoreDrill'] }) {
  const { t } = useTranslation('backups')
  const { locale } = usePlace()
  const { fetch_seconds, restore_seconds, validate_seconds, size_bytes } = one.evidence
  return (
    <dl className={classes.figures}>
      <div>
        <dt>{t('rpo')}</dt>
        <dd>{one.rpo_seconds == null ? t('not_measured') : duration(one.rpo_seconds)}</dd>
      </div>
      <div>
        <dt>{t('rto')}</dt>
        <dd>{one.rto_seconds == null ? t('not_measured') : duration(one.rto_seconds)}</dd>
      </div>
      <div>
        <dt>{t('split')}</dt>
        <dd>{[fetch_seconds, restore_seconds, validate_seconds].map(duration).join(' + ')}</dd>
      </div>
      <div>
        <dt>{t('size')}</dt>
        <dd>{size_bytes ? bytes(size_bytes, locale) : t('not_measured')}</dd>
      </div>
    </dl>
  )
}
