/** The first moment after a calendar day at a zone, as the API writes it: until then the day lasts. Empty stays empty. */
export function lastMoment(day: string, zone: string): string {
  if (!day) return ''
  const next = Date.parse(`${day}T00:00:00Z`) + 86_400_000
  const offset = (at: number) => {
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at)
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
  }
  // The offset that holds at the moment itself, which a change of the clocks may set apart from the one first guessed.
  const guess = next - offset(next)
  return new Date(next - offset(guess)).toISOString()
}
