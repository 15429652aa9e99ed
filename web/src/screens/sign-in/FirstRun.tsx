import { IconExternalLink, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { quantity, regional } from '../../kit/figures'
import { Glyph, type GlyphName } from '../../kit/glyphs'
import classes from './FirstRun.module.css'
import { builtOf, hasPeople, reached, type Start, type StartPart, takesCommands, tellsSeconds } from './parts'
import { SignInForm } from './SignInForm'
import { startQuery } from './start'

/** The start page of a stack: its parts and how far each is, the sign-in, and what is worth a look first. It follows the parts by itself. */
export function FirstRun() {
  const { t } = useTranslation('first-run')
  const { data, isPending } = useQuery(startQuery)
  const parts = data?.parts ?? []
  return (
    <div className={classes.page} aria-busy={isPending || undefined}>
      <main className={classes.stack}>
        <p className={classes.brand}>
          <img src="/mark.svg" alt="" width={22} height={22} />
          Mainstay
          {data ? <small>{t('version', { version: data.version })}</small> : null}
        </p>
        {data ? <Parts start={data} /> : isPending ? null : <h1>{t('unknown')}</h1>}
        <p className={classes.plant}>
          <Trans t={t} i18nKey="plant" components={{ code: <code /> }} />
        </p>
      </main>
      <aside className={classes.side}>
        {isPending ? null : (
          <>
            <h2 className="ms-display">{t('sign_in')}</h2>
            <SignInForm likely={data?.admin_email} locked={hasPeople(parts) ? undefined : t('locked')}>
              {data?.admin_email ? <Terminal start={data} email={data.admin_email} /> : null}
            </SignInForm>
            {data?.admin_email ? <FirstMinutes start={data} /> : null}
          </>
        )}
      </aside>
    </div>
  )
}

/** As the locale of the page's language writes a figure. */
const figure = (value: number, digits = 0) => quantity(value, regional(document.documentElement.lang, navigator.language), digits)

function useRoughly() {
  const { t } = useTranslation('first-run')
  return (seconds: number) => (seconds < 60 ? t('seconds', { n: figure(Math.max(1, seconds)) }) : t('minutes', { n: figure(Math.ceil(seconds / 60)) }))
}

function Parts({ start }: { start: Start }) {
  const { t } = useTranslation('first-run')
  const roughly = useRoughly()
  const parts = start.parts ?? []
  const { up, all, share, moving, builds } = reached(parts)
  const building = !builds ? t('starts') : builds.seconds_left ? t(builds.name === 'temporal' ? 'builds.temporal' : 'builds', { time: roughly(builds.seconds_left) }) : t('counts')
  return (
    <>
      <h1 aria-live="polite">{t(moving ? 'nearly' : up < all ? 'some' : 'all', { up: figure(up), all: figure(all) })}</h1>
      <p className={classes.lead}>
        {moving ? building : t(up < all ? 'failed' : 'go')}
      </p>
      <Bar share={share} label={t('progress')} />
      <ul className={classes.parts}>
        {parts.map((part) => (
          <Part key={part.name} part={part} start={start} />
        ))}
      </ul>
      {takesCommands(parts) ? null : <Hint>{t('commands')}</Hint>}
      <Hint>
        <Trans t={t} i18nKey="stop" components={{ kbd: <kbd /> }} />
      </Hint>
    </>
  )
}

function Hint({ children }: { children: ReactNode }) {
  return (
    <p className={classes.hint}>
      <IconInfoCircle size={16} stroke={1.75} />
      <span>{children}</span>
    </p>
  )
}

function Bar({ share, label }: { share: number; label: string }) {
  const percent = Math.round(share * 100)
  return (
    <div className={classes.bar} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
      <span style={{ width: `${percent}%` }} />
    </div>
  )
}

const glyphs: Record<StartPart['status'], [glyph: GlyphName | undefined, tone: string]> = {
  waiting: ['dotted', 'neutral'],
  building: [undefined, 'moving'],
  starting: [undefined, 'moving'],
  ready: ['disc-check', 'green'],
  failed: ['triangle', 'amber'],
  left_out: ['triangle', 'amber'],
}

function Part({ part, start }: { part: StartPart; start: Start }) {
  const { t } = useTranslation('first-run')
  const roughly = useRoughly()
  const [glyph, tone] = glyphs[part.status]
  const name = t(`part.${part.name}`)
  const built = builtOf(part)
  const port = part.address?.split(':').at(-1) ?? ''
  const known = part.name === 'demo' && start.demo ? t('says.demo_loaded', { assets: figure(start.demo.assets), orders: figure(start.demo.work_orders) }) : undefined
  const says = built > 0 ? t('packages', { done: figure(part.done ?? 0), total: figure(part.total ?? 0) }) : (known ?? t(`says.${part.name}`, { port, version: part.version ?? '', address: part.address }))
  const state = part.status === 'ready' && tellsSeconds(part) ? t('ready_in', { seconds: figure(part.seconds ?? 0, 1) }) : part.status === 'building' && part.seconds_left ? t('about', { time: roughly(part.seconds_left) }) : t(`state.${part.status}`)
  return (
    <li data-status={part.status}>
      <span className={classes.glyph} data-tone={tone}>
        {glyph ? <Glyph name={glyph} size={18} /> : <span className={classes.turning} />}
      </span>
      <b>{name}</b>
      <span className={classes.says}>{says}</span>
      <span className={classes.where}>
        {built > 0 ? (
          <Bar share={built} label={name} />
        ) : part.url && part.status === 'ready' ? (
          <a href={part.url} target="_blank" rel="noreferrer">
            {t(`open.${part.name}`)}
            <IconExternalLink size={15} stroke={1.75} />
          </a>
        ) : (
          <span title={part.path}>{part.path}</span>
        )}
      </span>
      <span className={classes.state}>{state}</span>
    </li>
  )
}

/** Where the password is, as the terminal says it. */
function Terminal({ start, email }: { start: Start; email: string }) {
  const { t } = useTranslation('first-run')
  return (
    <div>
      <p className={classes.below}>{t('password')}</p>
      <div className={classes.terminal}>
        <code>{`mainstay starts at ${start.url}`}</code>
        <code>
          {'sign in as '}
          <em>{email}</em>
          {', password'}
        </code>
        <code aria-hidden>
          <em>{'•'.repeat(12)}</em>
        </code>
        {start.password_file ? <code data-quiet>{`also in ${start.password_file}`}</code> : null}
      </div>
    </div>
  )
}

function FirstMinutes({ start }: { start: Start }) {
  const { t } = useTranslation('first-run')
  const caught = start.parts?.some(({ name }) => name === 'mail')
  if (!start.demo) return null
  return (
    <section className={classes.minutes}>
      <h2>{t('first')}</h2>
      <ol>
        <li>
          <span>
            <Trans t={t} i18nKey="first.find" values={{ code: start.demo.asset_code }} components={{ b: <b className="ms-code" /> }} />
          </span>
        </li>
        <li>{t('first.change')}</li>
        {caught ? <li>{t('first.approve')}</li> : null}
      </ol>
    </section>
  )
}
