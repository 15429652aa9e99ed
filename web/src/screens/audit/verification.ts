import type { Schemas } from '../../api/client'

export type Step = Schemas['AuditVerification']

/** What the steps along the log found together. */
export interface Found {
  last: Step
  events: number
  checkpoints: number
}

/** Adds a step to what the steps before it found. */
export function add(before: Found | undefined, step: Step): Found {
  return { last: step, events: (before?.events ?? 0) + step.events, checkpoints: (before?.checkpoints ?? 0) + step.checkpoints }
}
