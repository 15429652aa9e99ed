import { expect, it } from 'vitest'
import { instantOf, localOf } from './moments'

const zone = 'Europe/Berlin'

it('reads and writes the wall clock of a site', () => {
  expect(localOf(new Date('2026-11-24T10:42:00Z'), zone)).toBe('2026-11-24T11:42')
  expect(instantOf('2026-11-24T11:42', zone)).toBe('2026-11-24T10:42:00.000Z')
  expect(instantOf('2026-07-01T00:05', 'America/Denver')).toBe('2026-07-01T06:05:00.000Z')
  expect(instantOf('yesterday', zone)).toBeUndefined()
})

it('is right on days when clocks change', () => {
  for (const at of ['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T10:00:00.000Z']) expect(instantOf(localOf(new Date(at), zone), zone)).toBe(at)
})
