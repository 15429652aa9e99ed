import { describe, expect, it } from 'vitest'
import { timelineRows } from './timeline'

const at = (id: string, time: string, machine?: string) => ({ id, at: `2026-11-${time}:00Z`, machine })
const told = (entries: Parameters<typeof timelineRows>[0], zone = 'UTC') =>
  timelineRows(entries, zone).map((row) => (row.kind === 'day' ? row.day : row.kind === 'gap' ? `${row.seconds / 60} min` : row.kind === 'run' ? row.entries.length : row.entry.id))

describe('timelineRows', () => {
  it('names the days of the site', () => {
    expect(told([at('b', '24T00:30'), at('a', '23T23:10')])).toEqual(['2026-11-24', 'b', '2026-11-23', 'a'])
    expect(told([at('b', '24T00:30'), at('a', '23T23:10')], 'Europe/Berlin')).toEqual(['2026-11-24', 'b', 'a'])
  })
  it('folds gaps over two hours', () => {
    expect(told([at('c', '24T18:00'), at('b', '24T15:00'), at('a', '24T13:00')])).toEqual(['2026-11-24', 'c', '180 min', 'b', 'a'])
  })
  it('folds runs of a machine, never two', () => {
    const readings = [1, 2, 3].map((n) => at(`r${n}`, '24T10:00', 'reading'))
    expect(told(readings)).toEqual(['2026-11-24', 3])
    expect(told(readings.slice(1))).toEqual(['2026-11-24', 'r2', 'r3'])
  })
})
