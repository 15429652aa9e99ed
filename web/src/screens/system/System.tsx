import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace } from '../../api/me'
import { duration, instant, quantity } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import { PageTitle } from '../../kit/PageTitle'
import { Panel } from '../../kit/Panel'
import { Failed, Loading } from '../../kit/ScreenStates'
import { figureOf, lags } from './figures'
import classes from './System.module.css'

type SystemBody = Schemas['System']

/** Whether the installation's parts answer and its processes keep up, with the ways into the consoles behind it. Read again every 15 s. */
export function System() {
  const { t } = useTranslation('system')
  const system = useQuery({ queryKey: ['system'], queryFn: () => ok(api.GET('/v1/system')), refetchInterval: 15_000 })
  return (
    <div className={classes.page}>
      <PageTitle title={t('title')} note={system.data ? t('version', { version: system.data.version, go: system.data.go_version }) : undefined} />
      {system.data ? <Panels system={system.data} /> : system.isError ? <Failed error={system.error} retry={() => void system.refetch()} /> : <Loading />}
    </div>
  )
}

function Panels({ system }: { system: SystemBody }) {
  const { t } = useTranslation('system')
  const { locale, zone } = usePlace()
  const figures = system.figures ?? []
  const n = (name: string) => {
    const value = figureOf(figures, name)
    return value === undefined ? undefined : quantity(value, locale, 0)
  }
  const counts = (['assets', 'work_orders', 'work_orders_overdue', 'maintenance_schedules', 'users_active'] as const).flatMap((name) => {
    const value = n(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return (
    <div className={classes.panels}>
      <Panel title={t('dependencies')} note={t('since', { time: instant(system.started_at, locale, zone) })} flush>
        <ul className={classes.rows}>
          {(system.dependencies ?? []).map((part) => (
            <li key={part.name}>
              <Health ok={part.status === 'ok'} word={t(part.status === 'ok' ? 'ok' : 'away')} />
              <span className={classes.name}>{t(`part.${part.name}`, { defaultValue: part.name })}</span>
              <span className={classes.value}>{part.status === 'ok' ? t('took', { ms: quantity(part.took_ms, locale) }) : null}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('processes')} flush>
        <ul className={classes.rows}>
          {lags(figures).map((lag) => (
            <li key={lag.name}>
              <Health ok={!lag.late} word={t(lag.late ? 'behind' : 'keeps_up')} />
              <span className={classes.name}>{t(`lag.${lag.name}`)}</span>
              <span className={classes.value}>{lag.seconds ? (lag.value > 0 ? duration(lag.value) : t('none')) : quantity(lag.value, locale, 0)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('contents')} flush>
        <ul className={classes.rows}>
          {counts.map(([name, value]) => (
            <li key={name}>
              <span className={classes.name}>{t(`count.${name}`)}</span>
              <span className={classes.value}>{value}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Consoles system={system} />
    </div>
  )
}

function Consoles({ system }: { system: SystemBody }) {
  const { t } = useTranslation('system')
  const temporal = system.temporal_ui_url ? `${system.temporal_ui_url}/namespaces/${encodeURIComponent(system.temporal_namespace ?? 'default')}/workflows` : undefined
  const consoles = [
    ['temporal_ui', temporal],
    ['mail_ui', system.mail_ui_url],
  ] as const
  const shown = consoles.filter(([, href]) => href)
  if (shown.length === 0) return null
  return (
    <Panel title={t('consoles')} flush>
      <ul className={classes.rows}>
        {shown.map(([name, href]) => (
          <li key={name}>
            <a href={href} target="_blank" rel="noreferrer" className={classes.name}>
              {t(name)}
            </a>
            <span className={classes.value}>{t(`${name}_help`)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Health({ ok: good, word }: { ok: boolean; word: string }) {
  return (
    <span className={classes.health} data-tone={good ? 'green' : 'red'}>
      <Glyph name={good ? 'ring-check' : 'triangle'} size={16} />
      {word}
    </span>
  )
}
