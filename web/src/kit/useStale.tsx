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
  /** Reads what is stored now. */
  read: () => Promise<Stored>
  valuesOf: (stored: Stored) => Values
  changedAt: (stored: Stored) => string
  label: (name: keyof Values & string) => string
  /** A value in words; undefined: as any value is said. */
  said?: (name: keyof Values & string, values: Values) => ReactNode | undefined
  /** What counts of a value where not all of it does. */
  meant?: (value: unknown, name: keyof Values & string) => unknown
  /** The form goes on from what is stored now: with what was typed over it, which is sent, or without. */
  keep: (stored: Stored, values: Values) => void
  drop: (stored: Stored) => void
}

/** What somebody else stored while a form was filled in: told by `look` from a refusal, shown field by field, and gone on from. */
export function useStale<Stored, Values extends object>({ form, begun, read, valuesOf, changedAt, label, said, meant, keep, drop }: StaleOptions<Stored, Values>) {
  const [now, setNow] = useState<Stored>()
  /** Takes the refusal of a save; false where it is another. */
  const look = async (error: unknown): Promise<boolean> => {
    if (!(error instanceof Problem) || error.status !== 412) return false
    const stored = await read().catch(() => undefined) // without it the refusal itself is shown
    setNow(() => stored)
    return stored !== undefined
  }
  if (now === undefined) return { look, shown: null }
  const stored = valuesOf(now)
  const word = (name: keyof Values & string, values: Values) => said?.(name, values) ?? inWords(values[name])
  const shown = (
    <Stale
      at={changedAt(now)}
      fields={differing(begun, form.values, stored, meant).map(({ name, own }) => ({ name, label: label(name), mine: word(name, form.values), now: word(name, stored), own }))}
      onKeep={() => {
        setNow(undefined)
        keep(now, keepTyped(form.values, begun, stored))
      }}
      onDrop={() => {
        setNow(undefined)
        drop(now)
      }}
    />
  )
  return { look, shown }
}
