import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../../api/dashboard'
import { usePlace, useSite } from '../../api/me'
import { addDays, money, quantity, shortMoney, shortMoneyParts, today } from '../../kit/figures'
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

const list = (conditions: Record<string, string | undefined>) => {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(conditions)) if (value) search.set(key, value)
  return `/work-orders?${search}`
}

/** The strip of figures: each says what it is made of, and the whole tile opens its rows. */
export function Tiles({ dashboard, site }: { dashboard: Dashboard; site?: string }) {
  const tiles = useTiles(dashboard, site)
  if (tiles.length === 0) return null
  return (
    <ul className={classes.strip}>
      {tiles.map((tile) => (
        <li key={tile.name}>{tile.href ? <Go href={tile.href} className={classes.tile}><Body tile={tile} /></Go> : <div className={classes.tile}><Body tile={tile} /></div>}</li>
      ))}
    </ul>
  )
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

function useTiles(dashboard: Dashboard, site?: string): Tile[] {
  const { t } = useTranslation('home')
  const { locale, zone } = usePlace(useSite()?.id)
  const { figures, work_requests: requests } = dashboard
  const n = (value: number | string, digits = 0) => quantity(value, locale, digits)
  const at = { location_id: site, site }
  const tiles: Tile[] = []
  if (figures) {
    const { open, overdue, planned_on_time: onTime, repair_time: repair, waiting, cost } = figures
    const day = today(zone)
    const mean = (hours: string, repairs: number) => (repairs > 0 ? Number(hours) / repairs : undefined)
    const meanNow = mean(repair.hours, repair.repairs)
    tiles.push(
      { name: t('open'), value: n(open.value), says: t('open_says', { created: n(open.new), finished: n(open.finished) }), href: list(at), weeks: open.weeks ?? [] },
      { name: t('overdue'), value: n(overdue.value), says: t('overdue_says', { count: overdue.critical, figure: n(overdue.critical) }), href: list({ ...at, saved: 'overdue' }), weeks: overdue.weeks ?? [], tone: overdue.value > 0 ? 'red' : undefined },
      {
        name: t('on_time'),
        value: onTime.due > 0 ? n((onTime.met / onTime.due) * 100) : '–',
        unit: onTime.due > 0 ? '%' : undefined,
        says: t('on_time_says', { met: n(onTime.met), due: n(onTime.due) }),
        href: list({ ...at, saved: 'all', type: 'preventive', due_from: addDays(day, -30), due_to: addDays(day, -1) }),
        weeks: (onTime.weeks ?? []).map((week) => (week.due > 0 ? week.met / week.due : undefined)),
      },
      {
        name: t('repair_time'),
        value: meanNow === undefined ? '–' : n(meanNow, 1),
        unit: meanNow === undefined ? undefined : t('hours'),
        says: t('repair_time_says', { count: repair.repairs, figure: n(repair.repairs) }),
        href: list({ ...at, saved: 'all', type: 'corrective', status: 'completed,closed' }),
        weeks: (repair.weeks ?? []).map((week) => mean(week.hours, week.repairs)),
      },
      {
        name: t('waiting'),
        value: n(waiting.hours),
        unit: t('hours'),
        says: t('waiting_says', { count: waiting.orders, figure: n(waiting.orders) }),
        href: list({ ...at, status: 'waiting_approval,approved,waiting_material,scheduled' }),
        weeks: (waiting.weeks ?? []).map(Number),
      },
    )
    if (cost) {
      tiles.push({ name: t('cost'), value: <MoneyFigure parts={shortMoneyParts(cost.month, locale)} />, exact: money(cost.month, locale), says: t('cost_says', { planned: shortMoney(cost.planned, locale) }), weeks: (cost.weeks ?? []).map((week) => Number(week.amount)) })
    }
  }
  if (!figures && requests) tiles.push({ name: t('own_requests'), value: n(requests.mine), says: t('own_requests_says'), href: '/requests?requested_by=me' })
  return tiles
}
