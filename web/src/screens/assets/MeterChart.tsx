import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ok } from '../../api/client'
import { type Place, useMay, usePlace } from '../../api/me'
import { addDays, date, dayOf, instant, quantity, today } from '../../kit/figures'
import { Glyph } from '../../kit/glyphs'
import classes from './Chart.module.css'
import { ChartPanel, WithCursor } from '../../kit/ChartPanel'
import { type Asset, type Meter, readingsQuery, schedulesQuery } from './queries'
import { monthTicks, roundTicks, scale } from './scale'
import { type Point, ratePerDay, reaches, standAt } from './trend'

const height = 250
const left = 46
const bottom = 22
const day = 86_400_000

interface Service {
  at: number
  late: boolean
}

/** The line of a meter over a year: where it stands, the services done, and when the next one is reached. */
export function MeterChart({ asset, meter }: { asset: Asset; meter: Meter }) {
  const { t } = useTranslation('assets')
  const place = usePlace(asset.site_id)
  const { locale, zone } = place
  const readings = useQuery(readingsQuery(meter.id, yearBefore(today(zone)))).data ?? []
  const due = useDue(asset, meter)
  const services = useServices(due?.id)
  const points = readings.map((reading): Point => ({ at: Date.parse(reading.read_at), value: Number(reading.total ?? reading.value) }))
  if (points.length < 2) return null
  const rate = meter.kind === 'continuous' ? ratePerDay(points) : undefined
  const amount = (value: number) => `${quantity(value, locale, 1)} ${meter.unit}`
  return (
    <ChartPanel
      title={meter.name}
      note={rate === undefined ? `${quantity(meter.last_value, locale)} ${meter.unit}` : t('meter.rate', { figure: amount(rate) })}
      legend={services.length > 0 ? <Legend late={services.some((service) => service.late)} /> : null}
      head={[t('meter.time'), t('meter.stand', { unit: meter.unit })]}
      lines={readings.toReversed().map((reading) => [instant(reading.read_at, locale, zone), quantity(reading.total ?? reading.value, locale)])}
    >
      {(width) => <Drawing width={width} points={points} services={services} due={due} amount={amount} place={place} label={meter.name} />}
    </ChartPanel>
  )
}

const yearBefore = (now: string): string => `${addDays(now, -365)}T00:00:00Z`

interface Due {
  id: string
  title: string
  value: number
}

/** The next threshold that a schedule of the asset waits for at this meter. */
function useDue(asset: Asset, meter: Meter): Due | undefined {
  const may = useMay()
  const schedules = useQuery({ ...schedulesQuery(asset.id), enabled: may('maintenance_schedules.read') }).data?.items ?? []
  return schedules
    .filter((schedule) => schedule.status === 'active' && schedule.meter?.meter_id === meter.id && schedule.next_meter_value)
    .map((schedule) => ({ id: schedule.id, title: schedule.title, value: Number(schedule.next_meter_value) }))
    .sort((a, b) => a.value - b.value)[0]
}

function useServices(schedule: string | undefined): Service[] {
  const { data } = useQuery({
    queryKey: ['maintenance-schedules', schedule, 'occurrences', 'completed'],
    queryFn: () => ok(api.GET('/v1/maintenance-schedules/{id}/occurrences', { params: { path: { id: schedule ?? '' }, query: { status: ['completed'], limit: 50 } } })),
    enabled: schedule !== undefined,
  })
  return (data?.items ?? []).flatMap((each) => (each.completed_on ? [{ at: dayOf(each.completed_on).getTime() + day / 2, late: each.completed_on > each.due_on }] : []))
}

function Legend({ late }: { late: boolean }) {
  const { t } = useTranslation('assets')
  return (
    <>
      <span className={classes.key}>
        <span className={classes.done}>
          <Glyph name="disc-check" />
        </span>
        {t('meter.done')}
      </span>
      {late ? (
        <span className={classes.key}>
          <span className={classes.late}>
            <Glyph name="dashed-bang" />
          </span>
          {t('meter.late')}
        </span>
      ) : null}
    </>
  )
}

interface DrawingProps {
  width: number
  points: Point[]
  services: Service[]
  due?: Due
  amount: (value: number) => string
  place: Place
  label: string
}

function Drawing({ width, points, services, due, amount, place: { locale, zone }, label }: DrawingProps) {
  const { t } = useTranslation('assets')
  const now = Date.now()
  const first = points[0]?.at ?? now
  const last = points.at(-1) ?? { at: now, value: 0 }
  const dueAt = due ? reaches(points, due.value) : undefined
  const end = Math.max(now, Math.min(dueAt ?? now, now + 120 * day)) + (now - first) * 0.08
  const values = [...points.map((point) => point.value), ...(due && dueAt !== undefined && dueAt <= end ? [due.value] : [])]
  // Words stand above the line of the next threshold: leave them room.
  const ticks = roundTicks(Math.min(...values), Math.max(...values) + (due ? (Math.max(...values) - Math.min(...values)) * 0.06 : 0), 5)
  const x = scale([first, end], [left, width])
  const y = scale([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - bottom, 8])
  const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join('')
  const rate = due ? ratePerDay(points) : undefined
  const aheadTo = dueAt === undefined ? undefined : Math.min(end, dueAt + (now - first) * 0.05)
  const month = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' })
  const ceiling = y(ticks.at(-1) ?? 0)
  const shownDue = due && y(due.value) >= ceiling ? due : undefined
  return (
    <WithCursor label={label} width={width} height={height} places={points.map((point) => x(point.at))} told={(at) => `${amount(points[at]?.value ?? 0)}\n${instant(new Date(points[at]?.at ?? now).toISOString(), locale, zone)}`}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} className={classes.grid} />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end" className={classes.axis}>
            {quantity(tick, locale, 2)}
          </text>
        </g>
      ))}
      {monthTicks(first, end, Math.max(2, Math.floor(width / 70))).map((at) => (
        <text key={at} x={x(at)} y={height - 4} textAnchor="middle" className={classes.axis}>
          {month.format(at)}
        </text>
      ))}
      <line x1={x(now)} x2={x(now)} y1={14} y2={height - bottom} className={classes.now} />
      <text x={x(now) - 5} y={18} textAnchor="end" className={classes.axis}>
        {t('chart.today')}
      </text>
      {shownDue ? (
        <>
          <line x1={left} x2={width} y1={y(shownDue.value)} y2={y(shownDue.value)} className={classes.limit} />
          <text x={left + 4} y={y(shownDue.value) - 6} className={classes.limitWord}>
            {t('meter.next', { title: shownDue.title, figure: amount(shownDue.value) })}
          </text>
        </>
      ) : null}
      <path d={path} className={classes.line} />
      {aheadTo !== undefined && rate !== undefined ? <path d={`M${x(last.at)} ${y(last.value)}L${x(aheadTo)} ${y(last.value + (rate * (aheadTo - last.at)) / day)}`} className={classes.ahead} /> : null}
      {services.map((service) => {
        const stand = standAt(points, service.at)
        if (stand === undefined) return null
        return (
          <g key={service.at} transform={`translate(${x(service.at) - 7} ${y(stand) - 7})`} className={service.late ? classes.late : classes.done}>
            <circle cx={7} cy={7} r={8} className={classes.under} />
            <Glyph name={service.late ? 'dashed-bang' : 'disc-check'} />
          </g>
        )
      })}
      {shownDue && dueAt !== undefined && dueAt <= end ? (
        <>
          <circle cx={x(dueAt)} cy={y(shownDue.value)} r={5.5} className={classes.due} />
          <text x={Math.min(x(dueAt) + 30, width)} y={y(shownDue.value) - 10} textAnchor="end" className={classes.limitWord}>
            {t('chart.about', { date: date(today(zone, new Date(dueAt)), locale, today(zone)) })}
          </text>
        </>
      ) : null}
    </WithCursor>
  )
}
