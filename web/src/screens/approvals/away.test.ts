import { expect, it } from 'vitest'
import { lastMoment } from './away'

it('lasts until the end of the day at the zone, over changes of the clocks too', () => {
  expect(lastMoment('2026-12-03', 'Europe/Berlin')).toBe('2026-12-03T23:00:00.000Z')
  expect(lastMoment('2026-03-28', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
  expect(lastMoment('2026-03-29', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
  expect(lastMoment('2026-12-03', 'America/New_York')).toBe('2026-12-04T05:00:00.000Z')
  expect(lastMoment('', 'UTC')).toBe('')
})
