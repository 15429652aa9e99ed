import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Place, useMay, usePlace } from '../../api/me'
import { money, quantity, shortMoney, today } from '../../kit/figures'
import classes from './Chart.module.css'
import { ChartPanel, WithCursor } from '../../kit/ChartPanel'
import { type CostKind, costKinds, type CostYear, growing, yearsSince } from './costYears'
import { type Asset, costsQuery } from './queries'
import { roundTicks, scale } from './scale'

const height = 250
const left = 52
const bottom = 22

/** What an asset has cost since it began, kind by kind, against the price of a new one. */
export function CostChart({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets')
  const may = useMay()
  const place = usePlace(asset.site_id)
  const { locale, currency } = place
  const years = yearsSince(asset.installed_on ?? asset.purchased_on ?? asset.created_at, today(place.zone))
  const all = useQuery(costsQuery(asset.id)).data
  // The first year takes what was spent before it, so that the last point is the whole sum.
  const answers = useQueries({ queries: years.map((year, at) => costsQuery(asset.id, at === 0 ? undefined : `${year}-01-01`, `${year}-12-31`)) })
  if (!all || answers.some((answer) => !answer.data)) return null
  const yearly = years.map((year, at): CostYear => ({ year, ...sums((kind) => Number(answers[at]?.data?.[kind].amount ?? 0)) }))
  const price = asset.replacement_price
  const share = price && Number(price.amount) > 0 ? Number(all.total.amount) / Number(price.amount) : undefined
  return (
    <ChartPanel
      title={t('costs.title')}
      note={t('since', { year: years[0] })}
      legend={
        <span className={classes.sum}>
          {money(all.total, locale, 'whole')}
          {share !== undefined ? <span className={classes.share}>{t('costs.share', { figure: quantity(share * 100, locale, 0) })}</span> : null}
        </span>
      }
      action={
        !price && may('assets.write') ? (
          <Link to="/assets/$assetId/edit" params={{ assetId: asset.id }}>
            {t('costs.enter_price')}
          </Link>
        ) : null
      }
      head={[t('costs.year'), ...costKinds.map((kind) => t(`costs.${kind}`)), t('costs.total')]}
      lines={years
        .map((year, at) => [String(year), ...costKinds.map((kind) => money(answers[at]?.data?.[kind], locale)), money(answers[at]?.data?.total, locale)])
        .toReversed()}
    >
      {(width) => <Drawing width={width} years={growing(yearly)} price={price ? Number(price.amount) : undefined} place={{ ...place, currency: all.total.currency || currency }} label={t('costs.title')} />}
    </ChartPanel>
  )
}

function sums(of: (kind: CostKind) => number): Record<CostKind, number> {
  return { labor: of('labor'), parts: of('parts'), services: of('services'), other: of('other') }
}

interface DrawingProps {
  width: number
  years: CostYear[]
  price?: number
  place: Place
  label: string
}

function Drawing({ width, years, price, place: { locale, currency }, label }: DrawingProps) {
  const { t } = useTranslation('assets')
  const last = years.at(-1)
  if (!last) return null
  const shown = costKinds.filter((kind) => last[kind] > 0)
  const short = (amount: number) => shortMoney({ amount: String(Math.round(amount)), currency }, locale)
  const right = width - 96
  const highest = Math.max(price ?? 0, total(last), 1)
  const ticks = roundTicks(0, highest, 5)
  const x = scale([years[0]?.year ?? 0, last.year], [left, right])
  const y = scale([0, ticks.at(-1) ?? 1], [height - bottom, 8])
  const single = years.length === 1
  // One year alone is a bar, not a line without length.
  const places = single ? [left, right] : years.map(({ year }) => x(year))
  const drawn = single ? [last, last] : years
  const stacked = shown.map((kind, at) => {
    const below = (year: CostYear) => shown.slice(0, at).reduce((sum, other) => sum + year[other], 0)
    const upper = drawn.map((year, index) => `${places[index]} ${y(below(year) + year[kind])}`)
    const lower = drawn.map((year, index) => `${places[index]} ${y(below(year))}`).toReversed()
    return { kind, area: `M${upper.join('L')}L${lower.join('L')}Z`, edge: `M${upper.join('L')}`, middle: y(below(last) + last[kind] / 2) }
  })
  const every = Math.max(1, Math.ceil(years.length / Math.max(2, Math.floor(width / 60))))
  const said = spread(stacked.map(({ middle }) => middle))
  return (
    <WithCursor label={label} width={width} height={height} places={single ? [(left + right) / 2] : places} told={(at) => [String(years[at]?.year), ...shown.map((kind) => `${t(`costs.${kind}`)} ${short(years[at]?.[kind] ?? 0)}`)].join('\n')}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} className={tick === 0 ? classes.zero : classes.grid} />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end" className={classes.axis}>
            {short(tick)}
          </text>
        </g>
      ))}
      {stacked.map(({ kind, area, edge }) => (
        <g key={kind}>
          <path d={area} className={classes[kind]} />
          <path d={edge} className={classes.gap} />
        </g>
      ))}
      {years.map(({ year }, at) =>
        (years.length - 1 - at) % every === 0 ? (
          <text key={year} x={single ? (left + right) / 2 : x(year)} y={height - 4} textAnchor="middle" className={classes.axis}>
            {year}
          </text>
        ) : null,
      )}
      {stacked.map(({ kind }, at) => (
        <text key={kind} x={right + 8} y={(said[at] ?? 0) + 4} className={classes.axis}>
          {`${t(`costs.${kind}`)} ${short(last[kind])}`}
        </text>
      ))}
      {price ? (
        <>
          <line x1={left} x2={right} y1={y(price)} y2={y(price)} className={classes.new} />
          <text x={left + 4} y={y(price) - 6 < 10 ? y(price) + 14 : y(price) - 6} className={classes.newWord}>
            {t('costs.new_one', { amount: money({ amount: String(price), currency }, locale, 'whole') })}
          </text>
        </>
      ) : null}
    </WithCursor>
  )
}

const total = (year: CostYear): number => costKinds.reduce((sum, kind) => sum + year[kind], 0)

/** Keeps labels, bottom to top, at least 14 px apart. */
function spread(places: number[]): number[] {
  let free = Number.POSITIVE_INFINITY
  return places.map((place) => (free = Math.min(place, free - 14)))
}
