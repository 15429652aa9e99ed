import type { Tone } from '../theme/theme'
import type { GlyphName } from './glyphs'

export type Look = readonly [glyph: GlyphName, tone: Tone]

/** Every state of every noun: API word -> glyph and tone. Its word is `states:<noun>.<state>`. */
export const states = {
  work_order: {
    waiting_approval: ['dashed-dot', 'amber'],
    approved: ['ring', 'blue'],
    waiting_material: ['dashed-square', 'amber'],
    scheduled: ['clock', 'blue'],
    in_progress: ['half', 'moving'],
    on_hold: ['pause', 'amber'],
    completed: ['disc-check', 'green'],
    closed: ['disc-lock', 'neutral'],
    cancelled: ['ring-slash', 'neutral'],
    overdue: ['triangle', 'red'],
  },
  work_request: {
    new: ['dashed-dot', 'amber'],
    accepted: ['disc-check', 'green'],
    rejected: ['disc-x', 'red'],
    duplicate: ['hook', 'neutral'],
  },
  approval: {
    open: ['dashed-dot', 'amber'],
    approved: ['disc-check', 'green'],
    rejected: ['disc-x', 'red'],
    withdrawn: ['hook', 'neutral'],
    expired: ['hourglass', 'red'],
    void: ['dashed-bang', 'amber'],
  },
  schedule: { active: ['arrows', 'moving'], paused: ['pause', 'amber'], ended: ['ring-stop', 'neutral'] },
  occurrence: {
    forecast: ['dotted', 'neutral'],
    due: ['clock', 'blue'],
    generated: ['half', 'moving'],
    suppressed: ['hook', 'neutral'],
    skipped: ['double', 'neutral'],
    missed: ['dashed-x', 'red'],
    completed: ['disc-check', 'green'],
    cancelled: ['ring-slash', 'neutral'],
  },
  asset: {
    up: ['ring-check', 'green'],
    down: ['octagon', 'red'],
    degraded: ['triangle', 'amber'],
    standby: ['bars', 'neutral'],
    idle: ['moon', 'neutral'],
    disabled: ['wrench', 'blue'],
  },
  lifecycle: {
    planned: ['dotted', 'neutral'],
    ordered: ['plane', 'moving'],
    received: ['box-check', 'green'],
    commissioning: ['half', 'moving'],
    in_service: ['ring-check', 'neutral'],
    decommissioned: ['ring-stop', 'neutral'],
    in_store: ['bars', 'neutral'],
    disposed: ['ring-slash', 'neutral'],
    lost: ['triangle', 'red'],
  },
  asset_request: {
    pending_approval: ['dashed-dot', 'amber'],
    approved: ['clock', 'blue'],
    blocked: ['dashed-bang', 'red'],
    completed: ['disc-check', 'green'],
    rejected: ['disc-x', 'red'],
    cancelled: ['ring-slash', 'neutral'],
  },
  requisition: {
    open: ['dashed-dot', 'amber'],
    ordered: ['disc-check', 'green'],
    rejected: ['disc-x', 'red'],
    cancelled: ['ring-slash', 'neutral'],
  },
  purchase_order: {
    draft: ['dotted', 'neutral'],
    pending_approval: ['dashed-dot', 'amber'],
    approved: ['ring-check', 'blue'],
    sent: ['plane', 'moving'],
    partially_received: ['box-half', 'moving'],
    received: ['box-check', 'green'],
    closed: ['lock', 'neutral'],
    rejected: ['disc-x', 'red'],
    cancelled: ['ring-slash', 'neutral'],
  },
  supplier_invoice: {
    matched: ['disc-check', 'green'],
    blocked: ['dashed-bang', 'red'],
    released: ['ring-check', 'neutral'],
    void: ['ring-slash', 'neutral'],
  },
  reservation: {
    reserved: ['box-check', 'green'],
    backordered: ['dashed-square', 'amber'],
    issued: ['disc-check', 'neutral'],
    released: ['hook', 'neutral'],
    expired: ['hourglass', 'neutral'],
  },
  item: { low: ['triangle', 'amber'], enough: ['ring', 'neutral'] },
  job: {
    queued: ['dotted', 'neutral'],
    validating: ['spinner', 'moving'],
    running: ['spinner', 'moving'],
    validated: ['ring-check', 'blue'],
    completed: ['disc-check', 'green'],
    failed: ['disc-x', 'red'],
    cancelled: ['ring-slash', 'neutral'],
    inconclusive: ['triangle', 'amber'],
  },
  drill: {
    queued: ['dotted', 'neutral'],
    running: ['spinner', 'moving'],
    pass: ['disc-check', 'green'],
    fail: ['disc-x', 'red'],
    inconclusive: ['triangle', 'amber'],
    found: ['ring-check', 'green'],
    missed: ['octagon', 'red'],
  },
} as const satisfies Record<string, Record<string, Look>>

export type StateNoun = keyof typeof states

/** The look of a state; one that this version does not know is a neutral ring. */
export function lookOf(noun: StateNoun, state: string): Look {
  return (states[noun] as Record<string, Look>)[state] ?? ['ring', 'neutral']
}
