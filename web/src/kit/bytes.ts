const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size as people read it, in steps of a thousand: «1.2 MB». */
export function bytes(size: number, locale: string): string {
  const step = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3))
  return new Intl.NumberFormat(locale, { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0 }).format(size / 1000 ** step)
}
