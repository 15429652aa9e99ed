import { useQuery } from '@tanstack/react-query'
import { IconExternalLink } from '@tabler/icons-react'
import { Trans, useTranslation } from 'react-i18next'
import type { Schemas } from '../../../api/client'
import { useMay, usePlace } from '../../../api/me'
import { date, instant, today } from '../../../kit/figures'
import classes from './NextSteps.module.css'
import { assetQuery, type WorkOrder } from './order'

type Step = Schemas['WorkOrderStep']

/** What happens next: who is expected to do what by when, and what the system does if nobody does. Absent when the order is over. */
export function NextSteps({ order }: { order: WorkOrder }) {
  const { t, i18n } = useTranslation('work-order')
  const may = useMay()
  const asset = useQuery({ ...assetQuery(order.asset_id), enabled: Boolean(order.asset_id) && may('assets.read') }).data
  const { locale, zone } = usePlace(asset?.site_id)
  const steps = order.next ?? []
  if (steps.length === 0) return null

  const sentence = (step: Step) => {
    const people = step.people ?? []
    if (step.by === 'process') return <Trans t={t} i18nKey={`next.${step.code}`} components={{ b: <b /> }} />
    if (step.mine) return <Trans t={t} i18nKey={`next.${step.code}_you`} components={{ b: <b /> }} />
    const who = people.length > 0 ? new Intl.ListFormat(i18n.language === 'pseudo' ? 'en' : i18n.language, { type: 'conjunction' }).format(people.map(({ name }) => name)) : t(`next.role_${step.code}`)
    return <Trans t={t} i18nKey={`next.${step.code}`} count={Math.max(1, people.length)} values={{ who }} components={{ b: <b /> }} />
  }
  const when = (step: Step) => {
    if (step.at) return instant(step.at, locale, zone)
    if (!step.on) return ''
    const day = date(step.on, locale, today(zone), true)
    return step.code === 'complete' ? t('next.by', { day }) : day
  }
  return (
    <section className={classes.next} data-mine={steps[0]?.mine || undefined} aria-label={t('next.title')}>
      <header>
        <h2>{t('next.title')}</h2>
        {order.process?.url && may('operations.read') ? (
          <a href={order.process.url} target="_blank" rel="noreferrer">
            <IconExternalLink size={14} stroke={1.75} />
            {t('next.process')}
          </a>
        ) : null}
      </header>
      <ol>
        {steps.map((step, at) => (
          <li key={step.code}>
            <span className={classes.number} aria-hidden>
              {at + 1}
            </span>
            <span className={classes.sentence}>{sentence(step)}</span>
            <span className={classes.when}>{when(step)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
