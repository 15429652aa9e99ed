import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Problem } from '../api/client'
import { keepTyped } from './keepTyped'
import { Stale } from './Stale'
import { differing, inWords } from './staleFields'
import type { Fields } from './useFields'

interface StaleOptions<Stored, Values extends object> {
  form: Fields<Values>
  /** What the form began with. */
  begun: Values
  /** Sends values over `from`, what is stored; a new record has none. */
  save: UseMutationResult<unknown, Error, { values: Values; from?: Stored }>
  /** The form begins anew with what is stored; of what was typed, that which differs from the `sent` values stays. */
  begin: (stored: Stored, sent?: Values) => void
  /** Reads what is stored now. */
  read: () => Promise<Stored>
  valuesOf: (stored: Stored) => Values
  changedAt: (stored: Stored) => string
  label: (name: keyof Values & string) => string
  /** A value in words; undefined: as any value is said. */
  said?: (name: keyof Values & string, values: Values) => ReactNode | undefined
  /** What counts of a value where not all of it does. */
  meant?: (value: unknown, name: keyof Values & string) => unknown
}

/**
 * Saves a form and shows field by field what somebody else stored meanwhile, to go on from: with what was typed over it, which is sent, or
 * without. Other refusals go to the fields.
 */
export function useStale<Stored, Values extends object>({ form, begun, save, begin, read, valuesOf, changedAt, label, said, meant }: StaleOptions<Stored, Values>) {
  const [now, setNow] = useState<Stored>()
  const look = async (error: Error) => {
    if (!(error instanceof Problem) || error.status !== 412) return void form.refuse(error)
    const stored = await read().catch(() => undefined) // without it the refusal itself is shown
    setNow(() => stored)
  }
  const put = (values: Values, from?: Stored) => save.mutate({ values, from }, { onError: (error) => void look(error) })
  if (now === undefined) return { put, shown: null }
  const stored = valuesOf(now)
  const word = (name: keyof Values & string, values: Values) => said?.(name, values) ?? inWords(values[name])
  const shown = (
    <Stale
      at={changedAt(now)}
      fields={differing(begun, form.values, stored, meant).map(({ name, own }) => ({ name, label: label(name), mine: word(name, form.values), now: word(name, stored), own }))}
      onKeep={() => {
        setNow(undefined)
        begin(now, begun)
        put(keepTyped(form.values, begun, stored), now)
      }}
      onDrop={() => {
        setNow(undefined)
        begin(now)
        save.reset()
      }}
    />
  )
  return { put, shown }
}
