import { useEffect, useId, useRef, useState } from 'react'
import { Problem } from '../api/client'
import { sortFaults } from './faults'
import { keepTyped, same } from './keepTyped'

export interface Fields<Values extends object> {
  values: Values
  set: <Name extends keyof Values>(name: Name, value: Values[Name]) => void
  /** Something differs from what the form began with. */
  dirty: boolean
  /** Begins anew with these values; what differs from the `sent` ones was typed since, and stays. */
  reset: (values: Values, sent?: Values) => void
  /** Sentences of the server by field. */
  faults: Record<string, string>
  /** Sentences that belong to no field of this form. */
  above: string[]
  /** Takes the server's refusal: sentences to their fields, the focus to the first. Other errors are left to the caller: false. */
  refuse: (error: unknown) => boolean
  /** Of a field's input, made from its name. */
  idOf: (name: string) => string
  /** Called by fields as they are drawn, so that a refusal finds them. */
  knows: (name: string) => void
  /** Forgets the sentence of a field, which was changed. */
  forget: (name: string) => void
}

/** The state of a form whose fields are kit/Fields. */
export function useFields<Values extends object>(initial: Values): Fields<Values> {
  const id = useId()
  const [start, setStart] = useState(initial)
  const [values, setValues] = useState(initial)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [above, setAbove] = useState<string[]>([])
  const names = useRef(new Set<string>())
  const idOf = (name: string) => `${id}${name}`

  const forget = (name: string) => setFaults((old) => (old[name] ? { ...old, [name]: '' } : old))

  const first = [...names.current].find((name) => faults[name])
  useEffect(() => {
    if (first) document.getElementById(idOf(first))?.focus()
  }, [faults])

  return {
    values,
    set(name, value) {
      setValues((old) => ({ ...old, [name]: value }))
      forget(name as string)
    },
    dirty: !same(values, start),
    reset(next, sent) {
      setStart(next)
      setValues((old) => (sent ? keepTyped(old, sent, next) : next))
      setFaults({})
      setAbove([])
    },
    faults,
    above,
    refuse(error) {
      if (!(error instanceof Problem) || !error.body.errors?.length) {
        setFaults({})
        setAbove([])
        return false
      }
      const sorted = sortFaults(error.body.errors, names.current)
      setFaults(sorted.at)
      setAbove(sorted.above)
      return true
    },
    idOf,
    knows: (name) => void names.current.add(name),
    forget,
  }
}

/** A part of a form as a form of its own, such as one of many rules: its fields are named below `path`, as the server points to them. */
export function partOf<Whole extends object, Part extends object>(form: Fields<Whole>, path: string, values: Part, change: (values: Part) => void): Fields<Part> {
  const below = (name: string) => `${path}.${name}`
  return {
    ...form,
    values,
    set(name, value) {
      change({ ...values, [name]: value })
      form.forget(below(name as string))
    },
    reset: (next) => change(next),
    faults: Object.fromEntries(Object.entries(form.faults).flatMap(([name, fault]) => (name.startsWith(below('')) ? [[name.slice(path.length + 1), fault]] : []))),
    idOf: (name) => form.idOf(below(name)),
    knows: (name) => form.knows(below(name)),
    forget: (name) => form.forget(below(name)),
  }
}
