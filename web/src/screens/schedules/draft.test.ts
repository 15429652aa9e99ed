import { describe, expect, it } from 'vitest'
import { bodyOf, draftOf, emptyDraft, faultsOf, patchOf, refusalOf, type Schedule } from './draft'

const schedule = {
  title: 'Oil change',
  asset: { id: 'a', code: 'CR-301', name: 'Cone crusher' },
  location: { id: 'l', code: 'LINE-2', name: 'Line 2' },
  calendar: { rrule: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU', starts_on: '2026-10-13' },
  shift_factor: 50,
  tolerance_pct: 10,
  lead_days: 7,
  catch_up: 'one',
  priority: 'medium',
  estimated_cost: { amount: '480.00', currency: 'EUR' },
  planned_hours: '4',
} as unknown as Schedule

describe('a draft', () => {
  it('goes back as it came', () => {
    const draft = draftOf(schedule)
    expect(bodyOf(draft)).toMatchObject({ asset_id: 'a', calendar: schedule.calendar, estimated_cost: '480.00', planned_hours: '4', shift_factor: 50 })
    expect(patchOf(draft, draft)).toEqual({})
  })
  it('patches what differs, and takes away with null', () => {
    const saved = draftOf(schedule)
    expect(patchOf({ ...saved, cost: '', calendar: null, meter: { id: 'm', every: '500,5' }, lead: '3' }, saved)).toEqual({ calendar: null, meter: { meter_id: 'm', every: '500.5' }, lead_days: 3, estimated_cost: null })
  })
  it('tells what it lacks', () => {
    const empty = emptyDraft('2026-11-24')
    expect(faultsOf(empty)).toEqual({ title: 'editor.required', place: 'editor.required' })
    expect(faultsOf({ ...draftOf(schedule), calendar: null })).toEqual({ rule: 'editor.needs_rule' })
    expect(faultsOf({ ...draftOf(schedule), meter: { id: '', every: '0' }, hours: 'x' })).toEqual({ meter: 'editor.required', every: 'editor.positive', hours: 'editor.positive' })
  })
})

it('a refusal finds its fields', () => {
  expect(refusalOf([{ pointer: '/calendar/rrule', detail: 'INTERVAL is too large.' }, { pointer: '/meter/every', detail: 'Not above 0.' }, { pointer: '', detail: 'No.' }])).toEqual({
    at: { rule: 'INTERVAL is too large.', every: 'Not above 0.' },
    above: ['No.'],
  })
})
