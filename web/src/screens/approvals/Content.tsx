import { useTranslation } from 'react-i18next'
import { usePlace } from '../../api/me'
import { dayText, money } from '../../kit/figures'
import { Panel } from '../../kit/Panel'
import type { Approval } from './approval'
import classes from './Content.module.css'
import { type Cell, lineRows, plainChanges, written } from './difference'

/** Labels of facts as the server gives them, in English, and the key of their word. */
const factWords: Record<string, string> = {
  Asset: 'asset',
  Location: 'location',
  Why: 'why',
  'Kind of work': 'kind',
  Priority: 'priority',
  'Needed by': 'needed_by',
  'Planned hours': 'hours',
  Supplier: 'supplier',
  From: 'from',
  What: 'what',
  Title: 'title',
  Amount: 'amount',
}

/** What changed: of an approval that stands in another's place, since that one; of a void one, since it was submitted. */
export function Changed({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const { locale } = usePlace()
  const label = useFactLabel()
  const changes = approval.difference ?? []
  if (changes.length === 0) return null
  const plain = plainChanges(changes)
  const rows = lineRows([], changes.filter(({ key }) => key.startsWith('line:')))
  const others = changes.filter(({ key }) => key.startsWith('line:') && !rows.some((row) => row.key === key))
  return (
    <section className={classes.changed} aria-labelledby={`changed-${approval.id}`}>
      <h2 id={`changed-${approval.id}`}>{t(approval.status === 'void' ? 'changed.void' : 'changed.since')}</h2>
      <dl>
        {[...plain, ...others].map((change) => (
          <div key={change.key}>
            <dt>{label(change.label)}</dt>
            <dd>
              <Was cell={{ before: change.before, now: change.after }} locale={locale} />
            </dd>
          </div>
        ))}
        {rows.map((row) => (
          <div key={row.key}>
            <dt>
              {row.text.now} <span className={classes.tag}>{t(`line.${row.change ?? 'changed'}`)}</span>
            </dt>
            <dd>{row.change === 'removed' ? <del>{written(row.total.now, locale)}</del> : written(row.total.now, locale)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function useFactLabel() {
  const { t } = useTranslation('approvals')
  return (label: string) => {
    const word = factWords[label]
    return word ? t(`fact.${word}`) : label
  }
}

/** The figure or word now, with what it was struck through before it. */
function Was({ cell, locale, currency }: { cell: Cell; locale: string; currency?: string }) {
  const { t } = useTranslation('approvals')
  return (
    <>
      {cell.before ? (
        <>
          <span className="ms-hidden">{t('was')} </span>
          <del>{written(cell.before, locale, currency)}</del>{' '}
        </>
      ) : null}
      {cell.before !== undefined ? <ins>{written(cell.now, locale, currency)}</ins> : written(cell.now, locale, currency)}
    </>
  )
}

/** What is to be approved, as it was shown to everybody who decides: facts and lines. */
export function Content({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const { locale } = usePlace()
  const label = useFactLabel()
  const facts = approval.content.facts ?? []
  const rows = lineRows(approval.content.lines ?? [], approval.difference ?? [])
  const currency = approval.content.amount.currency
  return (
    <>
      {facts.length > 0 ? (
        <Panel title={t('what')}>
          <dl className={classes.facts}>
            {facts.map((fact) => (
              <div key={fact.label}>
                <dt>{label(fact.label)}</dt>
                <dd>
                  <Fact label={fact.label} text={fact.text} />
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      ) : null}
      {rows.length > 0 ? (
        <Panel title={t('lines')} flush>
          <div className={classes.scroll} role="region" aria-label={t('lines')} tabIndex={0}>
            <table className={classes.lines}>
              <thead>
                <tr>
                  <th scope="col">{t('column.line')}</th>
                  <th scope="col">{t('column.quantity')}</th>
                  <th scope="col">{t('column.in', { column: t('column.price'), currency })}</th>
                  <th scope="col">{t('column.in', { column: t('column.total'), currency })}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.key} data-change={row.change}>
                    <th scope="row">
                      <Was cell={row.text} locale={locale} />
                      {row.change ? <span className={classes.tag}>{t(`line.${row.change}`)}</span> : null}
                    </th>
                    {[row.quantity, row.unit_price, row.total].map((cell, at) => (
                      <td key={at}>
                        <Was cell={cell} locale={locale} currency={at > 0 ? currency : undefined} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colSpan={3}>
                    {t('fact.amount')}
                  </th>
                  <td>{money(approval.content.amount, locale)}</td>
                </tr>
              </tfoot>
            </table>
          </div>
        </Panel>
      ) : null}
    </>
  )
}

function Fact({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation('work-order')
  const { locale } = usePlace()
  if (label === 'Priority' && ['low', 'medium', 'high', 'critical'].includes(text)) return t(`states:priority.${text as 'low'}`)
  if (label === 'Kind of work' && ['corrective', 'preventive', 'inspection', 'improvement'].includes(text)) return t(`type.${text as 'corrective'}`)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  if (day) return dayText(text, locale, { weekday: true, year: true })
  return written(text, locale)
}
