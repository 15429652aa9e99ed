import { Button, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok, type Schemas } from '../../api/client'
import { usePlace, useSite } from '../../api/me'
import { CommandProblem } from '../../kit/CommandProblem'
import { Code } from '../../kit/Code'
import { decimalOf } from '../../kit/faults'
import { instant, quantity } from '../../kit/figures'
import { Failed, Loading } from '../../kit/ScreenStates'
import { useCommand } from '../../kit/useCommand'
import type { Pages } from '../../kit/usePages'
import { doubt } from '../assets/trend'
import { type Meter, stand } from './Meters'
import classes from './Meters.module.css'

const day = 86_400_000

/** A round: one field a meter, sent row by row with Enter, which goes on to the next. Nothing is lost when the round is left half way. */
export function Round({ pages, empty }: { pages: Pages<Meter>; empty: ReactNode }) {
  const { t } = useTranslation('meters')
  // The list is read anew after each reading and would jump, or lose what is no longer due: a round keeps what it began with.
  const known = useRef(new Map<string, Meter>())
  const rows = pages.rows
  if (pages.error && !rows) return <Failed error={pages.error} retry={pages.retry} />
  if (!rows) return <Loading rows={12} />
  for (const meter of rows) known.current.set(meter.id, meter)
  const shown = [...known.current.values()]
  if (shown.length === 0) return <>{empty}</>
  return (
    <div className={classes.round}>
      <ol aria-label={t('round')}>
        {shown.map((meter) => (
          <RoundRow key={meter.id} meter={meter} />
        ))}
      </ol>
      {pages.more ? (
        <Button className={classes.next} onClick={() => pages.onVisible(rows.length - 1, rows.length - 1)}>
          {t('round.more')}
        </Button>
      ) : null}
    </div>
  )
}

/** Moves on to the field of the next row that has none yet. */
function goOn(from: HTMLElement) {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[data-round]')]
  fields.slice(fields.indexOf(from as HTMLInputElement) + 1).find(({ value }) => value === '')?.focus()
}

function RoundRow({ meter }: { meter: Meter }) {
  const { t } = useTranslation('meters')
  const { t: words } = useTranslation('assets')
  const { locale, zone } = usePlace(useSite()?.id)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [sure, setSure] = useState('')
  const [done, setDone] = useState<Schemas['MeterReading']>()
  const enter = useCommand(
    (body: Schemas['MeterReadingBody'], key: string) => ok(api.POST('/v1/meters/{id}/readings', { params: { path: { id: meter.id }, header: { 'Idempotency-Key': key } }, body })),
    { refresh: ['meters', 'maintenance-schedules'], done: (reading) => (setDone(reading), setTyped('')) },
  )
  const value = decimalOf(typed)
  const readAt = useRef('')
  const last = meter.last_read_at && meter.last_value ? { at: Date.parse(meter.last_read_at), value: Number(meter.last_value) } : undefined
  const rate = Number(meter.per_day ?? 0)
  const points = last ? [...(rate > 0 ? [{ at: last.at - day, value: last.value - rate }] : []), last] : []
  const doubtful = value ? doubt(meter.kind, points, Number(value), Date.now(), meter.rollover_at ? Number(meter.rollover_at) : undefined) : undefined
  const asks = doubtful !== undefined && sure === value

  function send() {
    if (!value || enter.isPending) return
    if (doubtful && sure !== value) return setSure(value)
    // The same moment over every try, so that trying again is the same reading.
    if (!enter.isError) readAt.current = new Date().toISOString()
    if (field.current) goOn(field.current)
    enter.mutate({ value, read_at: readAt.current })
  }
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (value) send()
    else if (field.current) goOn(field.current)
  }
  const name = t('round.field', { code: meter.asset.code, name: meter.name })
  return (
    <li className={classes.row} data-done={done ? true : undefined}>
      <span className={classes.what}>
        <b>
          <Code>{meter.asset.code}</Code> {meter.name}
        </b>
        <span className={classes.more}>
          {meter.asset.name}, {meter.location.name}
        </span>
      </span>
      <span className={meter.reading_overdue ? classes.late : classes.more}>{meter.last_read_at ? t('round.last', { figure: stand(meter, locale), time: instant(meter.last_read_at, locale, zone) }) : t('never')}</span>
      <TextInput
        ref={field}
        data-round
        aria-label={name}
        inputMode="decimal"
        autoComplete="off"
        enterKeyHint="next"
        className={classes.field}
        value={typed}
        rightSection={<span className={classes.unit}>{meter.unit}</span>}
        rightSectionWidth={`calc(${meter.unit.length}ch + 20px)`}
        rightSectionPointerEvents="none"
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={key}
      />
      {asks || (done && !typed) ? null : (
        <Button aria-label={t('round.enter_of', { code: meter.asset.code, name: meter.name })} loading={enter.isPending} aria-disabled={!value || undefined} onClick={send}>
          {t('round.enter')}
        </Button>
      )}
      {done && !typed ? (
        <span className={classes.done} role="status">
          <IconCheck size={16} stroke={1.75} /> {t('round.done', { figure: `${quantity(done.value, locale)} ${meter.unit}` })}
        </span>
      ) : null}
      {asks ? (
        <span className={classes.doubt} role="alert">
          <IconAlertTriangle size={16} stroke={1.75} />
          <span>{words(`doubt.${doubtful}`)}</span>
          <Button onClick={send} loading={enter.isPending}>
            {words('reading.anyway')}
          </Button>
        </span>
      ) : null}
      {enter.error ? (
        <span className={classes.problem}>
          <CommandProblem error={enter.error} again={send} />
        </span>
      ) : null}
    </li>
  )
}
