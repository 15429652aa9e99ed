import { describe, expect, it } from 'vitest'
import { startOf, stopStrip } from './stops'

const now = new Date('2026-11-24T10:00:00Z')
const zone = 'Europe/Berlin'

describe('the strip of stops', () => {
  it('splits a stop over midnight of the site, not of UTC', () => {
    const { days } = stopStrip([{ kind: 'unplanned', started_at: '2026-11-22T22:00:00Z', ended_at: '2026-11-23T01:00:00Z' }], zone, 3, now)
    expect(days.map((day) => day.unplanned / 3600)).toEqual([1, 2, 0])
  })
  it('counts an open stop until now and overlapping ones once', () => {
    const { unplanned, available } = stopStrip(
      [
        { kind: 'unplanned', started_at: '2026-11-24T05:00:00Z', ended_at: '2026-11-24T09:00:00Z' },
        { kind: 'unplanned', started_at: '2026-11-24T08:00:00Z', ended_at: null },
      ],
      zone,
      1,
      now,
    )
    expect(unplanned / 3600).toBe(5)
    expect(available).toBeCloseTo(1 - 5 / 11, 9)
  })
  it('does not hold planned stops against the asset', () => {
    const strip = stopStrip([{ kind: 'planned', started_at: '2026-11-23T06:00:00Z', ended_at: '2026-11-23T08:00:00Z' }], zone, 7, now)
    expect(strip.planned).toBe(7200)
    expect(strip.available).toBe(1)
  })
  it('knows days of 23 and 25 hours', () => {
    const { days } = stopStrip([], zone, 2, new Date('2026-10-26T23:00:00Z'))
    expect(days[0]?.length).toBe(86_400)
    expect((startOf('2026-10-26', zone) - startOf('2026-10-25', zone)) / 3_600_000).toBe(25)
    expect((startOf('2026-03-30', zone) - startOf('2026-03-29', zone)) / 3_600_000).toBe(23)
  })
})
