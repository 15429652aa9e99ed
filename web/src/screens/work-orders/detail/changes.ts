import type { Schemas } from '../../../api/client'

const told = ['title', 'description', 'priority', 'due_on', 'planned_hours', 'estimated_cost'] as const

/** The fields that people know of an event's change, with what they were and are; keys of the machine are left out. */
export function changesOf({ before, after }: Pick<Schemas['TimelineEntry'], 'before' | 'after'>): { field: string; before: unknown; after: unknown }[] {
  return told.filter((field) => field in (before ?? {}) || field in (after ?? {})).map((field) => ({ field, before: before?.[field], after: after?.[field] }))
}
