import { same } from './keepTyped'

/** A field of which what was typed or what is stored now differs from what the form began with. */
export interface Differing<Name extends string> {
  name: Name
  /** The person changed it. */
  own: boolean
}

/** The fields that the person, somebody else or both changed. `meant` is what counts of a value where not all of it does. */
export function differing<Values extends object>(begun: Values, mine: Values, now: Values, meant: (value: unknown, name: keyof Values & string) => unknown = (value) => value): Differing<keyof Values & string>[] {
  const differs = (values: Values, name: keyof Values & string) => !same(meant(begun[name], name), meant(values[name], name))
  return (Object.keys(begun) as (keyof Values & string)[])
    .filter((name) => differs(mine, name) || differs(now, name))
    .map((name) => ({ name, own: differs(mine, name) }))
}

/** A value in words where its field has none of its own: texts as they are, records by code and name, lists with commas between. */
export function inWords(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(inWords).join(', ')
  if (typeof value === 'object') {
    const { code, name } = value as { code?: string; name?: string }
    return [code, name].filter(Boolean).join(' ')
  }
  return String(value)
}
