import type { Schemas } from '../../api/client'
import type { WorkPlace } from '../../kit/places'
import { plain, rruleOf, type Sentence, sentenceOf } from './rule'

export type Schedule = Schemas['MaintenanceSchedule']
export type ScheduleBody = Schemas['CreateMaintenanceScheduleBody']
export type SchedulePatch = Schemas['EditMaintenanceScheduleBody']

/** A schedule while it is written. Figures are texts as they were typed. */
export interface Draft {
  title: string
  place: WorkPlace | null
  /** `sentence` is null where the rule says more than a sentence can: then `text` counts. */
  calendar: { sentence: Sentence | null; text: string; startsOn: string } | null
  meter: { id: string; every: string; last?: string } | null
  shift: number
  tolerance: string
  lead: string
  catchUp: 'one' | 'all' | 'skip'
  lastDone: string
  priority: string
  jobPlan: string
  cost: string
  hours: string
}

/** What a new schedule begins with. */
export function emptyDraft(today: string, place: WorkPlace | null = null): Draft {
  return {
    title: '',
    place,
    calendar: { sentence: { ...plain, every: 3 }, text: '', startsOn: today },
    meter: null,
    shift: 0,
    tolerance: '10',
    lead: '7',
    catchUp: 'one',
    lastDone: '',
    priority: 'medium',
    jobPlan: '',
    cost: '',
    hours: '',
  }
}

/** A stored schedule as a draft. */
export function draftOf(schedule: Schedule): Draft {
  const { asset, location, calendar, meter } = schedule
  const ref = asset ?? location
  return {
    title: schedule.title,
    place: { kind: asset ? 'asset' : 'location', id: ref.id, code: ref.code ?? '', name: ref.name, place: asset ? location.name : undefined },
    calendar: calendar ? { sentence: sentenceOf(calendar.rrule), text: calendar.rrule, startsOn: calendar.starts_on } : null,
    meter: meter ? { id: meter.meter_id, every: meter.every, last: meter.last_value } : null,
    shift: schedule.shift_factor,
    tolerance: String(schedule.tolerance_pct),
    lead: String(schedule.lead_days),
    catchUp: schedule.catch_up as Draft['catchUp'],
    lastDone: schedule.last_completed_on ?? '',
    priority: schedule.priority,
    jobPlan: schedule.job_plan_id ?? '',
    cost: schedule.estimated_cost?.amount ?? '',
    hours: schedule.planned_hours ?? '',
  }
}

/** The rule that a draft's calendar says. */
export const rruleOfDraft = ({ calendar }: Draft): string | undefined => (calendar ? (calendar.sentence ? rruleOf(calendar.sentence) : calendar.text.trim()) : undefined)

/** Decimals as the API writes them: `3,5` is `3.5`. */
export const decimal = (text: string): string => text.trim().replace(',', '.')
const whole = (text: string): number => Math.max(0, Math.round(Number(decimal(text)) || 0))

export type FieldName = 'title' | 'place' | 'rule' | 'startsOn' | 'every' | 'meter' | 'tolerance' | 'lead' | 'cost' | 'hours' | 'lastDone' | 'jobPlan'
export type FaultKey = 'editor.required' | 'editor.needs_rule' | 'editor.positive'

const isDecimal = (text: string) => /^\d{1,14}(\.\d{1,10})?$/.test(decimal(text))

/** What keeps a draft from being sent, by field; words of the namespace `schedules`. */
export function faultsOf(draft: Draft): Partial<Record<FieldName, FaultKey>> {
  const faults: Partial<Record<FieldName, FaultKey>> = {}
  if (!draft.title.trim()) faults.title = 'editor.required'
  if (!draft.place) faults.place = 'editor.required'
  if (!draft.calendar && !draft.meter) faults.rule = 'editor.needs_rule'
  if (draft.calendar && !draft.calendar.startsOn) faults.startsOn = 'editor.required'
  if (draft.calendar && !rruleOfDraft(draft)) faults.rule = 'editor.required'
  if (draft.meter && !draft.meter.id) faults.meter = 'editor.required'
  if (draft.meter && !(Number(decimal(draft.meter.every)) > 0)) faults.every = 'editor.positive'
  if (draft.cost && !isDecimal(draft.cost)) faults.cost = 'editor.positive'
  if (draft.hours && !isDecimal(draft.hours)) faults.hours = 'editor.positive'
  return faults
}

/** The draft as the API takes it. */
export function bodyOf(draft: Draft): ScheduleBody {
  const rrule = rruleOfDraft(draft)
  return {
    title: draft.title.trim(),
    ...(draft.place ? (draft.place.kind === 'asset' ? { asset_id: draft.place.id } : { location_id: draft.place.id }) : {}),
    ...(draft.calendar && rrule ? { calendar: { rrule, starts_on: draft.calendar.startsOn } } : {}),
    ...(draft.meter ? { meter: { meter_id: draft.meter.id, every: decimal(draft.meter.every), ...(draft.meter.last ? { last_value: draft.meter.last } : {}) } } : {}),
    shift_factor: draft.shift,
    tolerance_pct: whole(draft.tolerance),
    lead_days: whole(draft.lead),
    catch_up: draft.catchUp,
    priority: draft.priority as ScheduleBody['priority'],
    ...(draft.lastDone ? { last_completed_on: draft.lastDone } : {}),
    ...(draft.jobPlan ? { job_plan_id: draft.jobPlan } : {}),
    ...(draft.cost ? { estimated_cost: decimal(draft.cost) } : {}),
    ...(draft.hours ? { planned_hours: decimal(draft.hours) } : {}),
  }
}

const patched = ['title', 'calendar', 'meter', 'shift_factor', 'tolerance_pct', 'lead_days', 'catch_up', 'last_completed_on', 'priority', 'job_plan_id', 'estimated_cost', 'planned_hours'] as const

/** The merge patch that makes a saved draft this one: only what differs, null for what is taken away. */
export function patchOf(draft: Draft, saved: Draft): SchedulePatch {
  const [to, from] = [bodyOf(draft), bodyOf(saved)]
  const changed = patched.filter((name) => JSON.stringify(to[name]) !== JSON.stringify(from[name]))
  return Object.fromEntries(changed.map((name) => [name, to[name] ?? null])) as SchedulePatch
}

const fields: Record<string, FieldName> = {
  title: 'title',
  asset_id: 'place',
  location_id: 'place',
  calendar: 'rule',
  'calendar/rrule': 'rule',
  'calendar/starts_on': 'startsOn',
  meter: 'meter',
  'meter/meter_id': 'meter',
  'meter/every': 'every',
  tolerance_pct: 'tolerance',
  lead_days: 'lead',
  estimated_cost: 'cost',
  planned_hours: 'hours',
  last_completed_on: 'lastDone',
  job_plan_id: 'jobPlan',
}

/** The server's sentences by field of the form; what belongs to none is under `above`. */
export function refusalOf(errors: readonly { pointer: string; detail: string }[]): { at: Partial<Record<FieldName, string>>; above: string[] } {
  const at: Partial<Record<FieldName, string>> = {}
  const above: string[] = []
  for (const { pointer, detail } of errors) {
    const path = pointer.replace(/^\//, '')
    const field = fields[path] ?? fields[path.split('/')[0] ?? '']
    if (field) at[field] = detail
    else above.push(detail)
  }
  return { at, above }
}

