/** A sentence of the server about one field, or about none. */
export interface Fault {
  pointer: string
  detail: string
}

// The names a path may have as a field, the most exact first: `a/b`, `a.b`, `a`.
const namesOf = (path: string) => path.split('/').reduceRight<string[]>((names, _, at, parts) => [...names, parts.slice(0, at + 1).join('.')], [path])

/** Gives every sentence to the field it is about; `/failure/mode` goes to `failure` where that is the field. */
export function sortFaults(faults: Fault[], fields: Iterable<string>): { at: Record<string, string>; above: string[] } {
  const known = new Set(fields)
  const at: Record<string, string> = {}
  const above: string[] = []
  for (const { pointer, detail } of faults) {
    const path = pointer.replace(/^\//, '')
    const field = namesOf(path).find((name) => known.has(name))
    if (field === undefined) above.push(detail)
    else at[field] = at[field] ? `${at[field]} ${detail}` : detail
  }
  return { at, above }
}

/** What was typed as a decimal of the API: `3,5` is `3.5`; separators of thousands and spaces are dropped. */
export function decimalOf(text: string): string {
  const bare = text.replace(/[\s\u00a0\u202f']/g, '')
  const comma = bare.lastIndexOf(',')
  const point = bare.lastIndexOf('.')
  if (comma > point) return bare.replaceAll('.', '').replace(',', '.')
  return bare.replaceAll(',', '')
}
