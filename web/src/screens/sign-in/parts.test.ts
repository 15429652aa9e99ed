import { describe, expect, it } from 'vitest'
import { hasPeople, reached, type StartPart, takesCommands, tellsSeconds } from './parts'

const part = (name: StartPart['name'], status: StartPart['status'], more: Partial<StartPart> = {}): StartPart => ({ name, status, ...more })

describe('how far a stack is', () => {
  it('counts what runs, the built half of what does not, and nothing that is left out', () => {
    const parts = [part('postgres', 'ready'), part('api', 'ready'), part('temporal', 'building', { done: 30, total: 60, seconds_left: 40 }), part('worker', 'waiting'), part('web', 'left_out')]
    expect(reached(parts)).toEqual({ up: 2, all: 4, share: 0.625, moving: true, builds: parts[2] })
    expect(takesCommands(parts)).toBe(false)
  })

  it('is over where the last part runs or has failed', () => {
    const parts = [part('postgres', 'ready'), part('worker', 'ready'), part('demo', 'failed')]
    expect(reached(parts)).toMatchObject({ up: 2, all: 3, moving: false, builds: undefined })
    expect(takesCommands(parts)).toBe(true)
    expect(hasPeople(parts)).toBe(true)
  })

  it('says how long it took only where that is not nothing', () => {
    expect([undefined, 0, 0.04, 0.05, 1.9].map((seconds) => tellsSeconds(part('api', 'ready', { seconds })))).toEqual([false, false, false, true, true])
  })

  it('lets nobody sign in to a company that is still being loaded', () => {
    expect(hasPeople([part('demo', 'starting')])).toBe(false)
    expect(hasPeople([part('api', 'ready')])).toBe(true)
  })
})
