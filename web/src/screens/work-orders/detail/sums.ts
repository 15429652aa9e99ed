/** Adds decimal strings exactly. */
export function sum(values: (string | undefined)[]): string {
  const given = values.filter((value): value is string => value !== undefined && value !== '')
  const digits = Math.max(0, ...given.map((value) => value.split('.')[1]?.length ?? 0))
  const total = given.reduce((all, value) => {
    const [whole = '0', fraction = ''] = value.replace('-', '').split('.')
    const units = BigInt(whole + fraction.padEnd(digits, '0'))
    return value.startsWith('-') ? all - units : all + units
  }, 0n)
  if (digits === 0) return String(total)
  const text = String(total < 0n ? -total : total).padStart(digits + 1, '0')
  const written = `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '')
  return total < 0n ? `-${written}` : written
}

/** How much of a whole is used, for a bar: 0 to 1; undefined without a whole. */
export function share(part: string, whole: string | undefined): number | undefined {
  const of = Number(whole ?? 0)
  return of > 0 ? Math.min(1, Math.max(0, Number(part) / of)) : undefined
}
