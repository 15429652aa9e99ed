import { useState } from 'react'
import type { Answered } from '../api/client'
import { type Fields, useFields } from './useFields'

export interface StoredForm<Record, Values extends object> {
  form: Fields<Values>
  /** The version that the form is based on; a command names its ETag. Nothing of a new record. */
  base: Answered<Record> | undefined
  /** A command's answer is the base from now on. Of what was typed, that which the command was sent is done; the rest stays, not saved. */
  take: (answer: Answered<Record>, sent?: Values) => void
  /** Begins anew with what was read; of what was typed, that which differs from the `sent` values stays. */
  begin: (read: Answered<Record>, sent?: Values) => void
}

/**
 * The form of a stored record beside its commands. Without changes of one's own it follows the record; with some, a version of somebody else does
 * not slip under them: the next command finds that out by its ETag.
 */
export function useStored<Record, Values extends object>(read: Answered<Record> | undefined, valuesOf: (record?: Record) => Values): StoredForm<Record, Values> {
  const [base, setBase] = useState(read)
  // What was read when the base was taken: it may be older than an answer.
  const [seen, setSeen] = useState(read?.etag)
  const form = useFields(valuesOf(base?.data))
  const begin = (next: Answered<Record>, sent?: Values) => {
    setBase(next)
    setSeen(read?.etag)
    form.reset(valuesOf(next.data), sent)
  }
  if (read && !form.dirty && read.etag !== seen && read.etag !== base?.etag) begin(read)
  return {
    form,
    base,
    take: (answer, sent = valuesOf(base?.data)) => begin(answer, sent),
    begin,
  }
}
