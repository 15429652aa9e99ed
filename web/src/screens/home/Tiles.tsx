import type { CSSProperties, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/dashboard'
import { usePlace, useSite } from '../../api/me'
import { dayOf, money, quantity, shortMoney, shortMoneyParts } from '../../kit/figures'
import { Go } from '../../kit/Go'
import { Sparkline } from '../../kit/Sparkline'
import classes from './Tiles.module.css'

interface Tile {
  name: string
  value: ReactNode
  unit?: string
  /** The fraction that the figure comes from. */
  says: string
  /** The list with exactly these rows. */
  href?: string
  weeks?: (number | undefined)[]
  tone?: 'red' | 'green'
  exact?: string
}

const listAt = (path: string, conditions: Record<string, string | undefined>) => {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(conditions)) if (value) search.set(key, value)
  return `${path}?${search}`
}

/** The strip of figures: each says what it is made of, and the whole tile opens its rows. Past: they are those of a week that is over. */
export function Tiles({ dashboard, site, past }: { dashboard: Dashboard; site?: string; past: boolean }) {
  const tiles = useTiles(dashboard, site, past)
  if (tiles.length === 0) return null
  return (
    <ul className={classes.strip} style={columnsOf(tiles.length)}>
      {tiles.map((tile) => (
        <li key={tile.name}>{tile.href ? <Go href={tile.href} className={classes.tile}><Body tile={tile} /></Go> : <div className={classes.tile}><Body tile={tile} /></div>}</li>
      ))}
    </ul>
  )
}

// Up to six stand in one row, more in two of the same length; where the last row lacks one, its last tile is as wide as two.
const oneRow = 6
const columnsOf = (tiles: number): CSSProperties => {
  const half = Math.ceil(tiles / 2)
  const odd = tiles % 2 === 1 && tiles > 1 ? 2 : 1
  return { '--wide': tiles > oneRow ? half : tiles, '--narrow': tiles > 3 ? half : tiles, '--wide-last': tiles > oneRow ? odd : 1, '--narrow-last': tiles > 3 ? odd : 1, '--phone-last': odd } as CSSProperties
}

function Body({ tile }: { tile: Tile }) {
  return (
    <>
      <span className={classes.name}>{tile.name}</span>
      <span className={classes.row}>
        <span className={`ms-display ${classes.value}`} data-tone={tile.tone === 'red' ? 'red' : undefined} title={tile.exact}>
          {tile.value}
          {tile.unit ? <span className={classes.unit}> {tile.unit}</span> : null}
        </span>
        {tile.weeks ? <Sparkline values={tile.weeks} tone={tile.tone} /> : null}
      </span>
      <span className={classes.says}>{tile.says}</span>
    </>
  )
}

/** The digits as large as those of the other figures, what stands around them as their unit. */
function MoneyFigure({ parts }: { parts: ReturnType<typeof shortMoneyParts> }) {
  return parts.map(({ text, digits }, at) => (
    <span key={at} className={digits ? undefined : classes.unit}>
      {text}
    </span>
  ))
}

const dayHours = 24

function useTiles(dashboard: Dashboard, site: string | undefined, past: boolean): Tile[] {
  const { t } = useTranslation('home')
  const { locale } = usePlace(useSite()?.id)
  const { figures, work_requests: requests, stock } = dashboard
  const n = (value: number | string, digits = 0) => quantity(value, locale, digits)
  const at = { location_id: site, site }
  const orders = (conditions: Record<string, string | undefined>) => listAt('/work-orders', { ...at, ...conditions })
  const tiles: Tile[] = []
  if (figures) {
    const { on, open, overdue, planned_on_time: onTime, repair_time: repair, failures, waiting, cost } = figures
    const mean = (hours: string, of: number) => (of > 0 ? Number(hours) / of : undefined)
    const meanNow = mean(repair.hours, repair.repairs)
    tiles.push(
      {
        name: t('open'),
        value: n(open.value),
        says: t(past ? 'open_said' : 'open_says', { created: n(open.new), finished: n(open.finished) }),
        href: orders(past ? { saved: 'all', open_on: on } : {}),
        weeks: open.weeks ?? [],
      },
      {
        name: t('overdue'),
        value: n(overdue.value),
        says: t('overdue_says', { count: overdue.critical, figure: n(overdue.critical) }),
        href: orders(past ? { saved: 'all', overdue_on: on } : { saved: 'overdue' }),
        weeks: overdue.weeks ?? [],
        tone: overdue.value > 0 ? 'red' : undefined,
      },
      {
        name: t('on_time'),
        value: onTime.due > 0 ? n((onTime.met / onTime.due) * 100) : '–',
        unit: onTime.due > 0 ? '%' : undefined,
        says: t('on_time_says', { met: n(onTime.met), due: n(onTime.due) }),
        href: orders({ saved: 'all', type: 'preventive', due_from: onTime.from, due_to: onTime.to }),
        weeks: (onTime.weeks ?? []).map((week) => (week.due > 0 ? week.met / week.due : undefined)),
      },
      {
        name: t('repair_time'),
        value: meanNow === undefined ? '–' : n(meanNow, 1),
        unit: meanNow === undefined ? undefined : t('hours'),
        says: t('repair_time_says', { count: repair.repairs, figure: n(repair.repairs), hours: n(repair.hours) }),
        href: orders({ saved: 'all', type: 'corrective', status: 'completed,closed', completed_from: repair.from, completed_to: repair.to }),
        weeks: (repair.weeks ?? []).map((week) => mean(week.hours, week.repairs)),
      },
    )
    if (failures) {
      const between = mean(failures.hours, failures.failures)
      const inDays = between !== undefined && between >= 3 * dayHours
      tiles.push({
        name: t('failures'),
        value: between === undefined ? '–' : n(inDays ? between / dayHours : between, inDays ? 0 : 1),
        unit: between === undefined ? undefined : t(inDays ? 'days' : 'hours'),
        says: t('failures_says', { count: failures.failures, figure: n(failures.failures), hours: n(failures.hours) }),
        href: listAt('/assets', { ...at, failed_from: failures.from, failed_to: failures.to, lifecycle_state: 'in_service' }),
        weeks: (failures.weeks ?? []).map((week) => mean(week.hours, week.failures)),
      })
    }
    tiles.push({
      name: t('waiting'),
      value: n(waiting.hours),
      unit: t('hours'),
      says: t('waiting_says', { count: waiting.orders, figure: n(waiting.orders) }),
      href: orders(past ? { saved: 'all', waiting_on: on } : { status: 'waiting_approval,approved,waiting_material,scheduled' }),
      weeks: (waiting.weeks ?? []).map(Number),
    })
    if (cost) {
      const month = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long' }).format(dayOf(cost.to))
      tiles.push({
        name: past ? t('cost_of', { month }) : t('cost'),
        value: <MoneyFigure parts={shortMoneyParts(cost.month, locale)} />,
        exact: money(cost.month, locale),
        says: t('cost_says', { planned: shortMoney(cost.planned, locale) }),
        href: orders({ saved: 'all', booked_from: cost.from, booked_to: cost.to }),
        weeks: (cost.weeks ?? []).map((week) => Number(week.amount)),
      })
    }
  }
  if (stock) tiles.push({ name: t('low'), value: n(stock.low), says: t('low_says', { count: stock.watched, figure: n(stock.watched) }), href: '/items?saved=low' })
  if (!figures && requests) tiles.push({ name: t('own_requests'), value: n(requests.mine), says: t('own_requests_says'), href: '/requests?requested_by=me' })
  return tiles
}
