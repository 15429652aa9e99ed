/** What filters hold, as it stands in the address: several values of one key with commas between. */
export type FilterValues = Record<string, string | undefined>

/** The single values of a key. */
export const valuesOf = (value: string | undefined): string[] => (value ? value.split(',') : [])

/** The values joined again; undefined when there are none, so that the key leaves the address. */
export const joined = (values: readonly string[]): string | undefined => (values.length > 0 ? values.join(',') : undefined)

/** The values with one more, or without it when it was there. */
export const toggled = (value: string | undefined, one: string): string | undefined => {
  const values = valuesOf(value)
  return joined(values.includes(one) ? values.filter((other) => other !== one) : [...values, one])
}

/** Whether a text of an address is a day of the calendar. */
export const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

/** Takes only the text values of known keys from an address: what `validateSearch` of a list begins with. */
export function textParams<Key extends string>(search: Record<string, unknown>, keys: readonly Key[]): Partial<Record<Key, string>> {
  const out: Partial<Record<Key, string>> = {}
  for (const key of keys) {
    const value = search[key]
    if (typeof value === 'string' && value !== '') out[key] = value
    else if (typeof value === 'number' || typeof value === 'boolean') out[key] = String(value)
  }
  return out
}

/** How many conditions the keys of an address make: the two ends of a span of days are one. */
export const conditionsOf = <Key extends string>(keys: readonly Key[], values: Partial<Record<Key, string>>): number =>
  keys.filter((key) => values[key] !== undefined && !(key.endsWith('_to') && values[key.replace(/_to$/, '_from') as Key] !== undefined)).length
