import type { Schemas } from '../../api/client'
import { decimalOf } from '../../kit/faults'

export type User = Schemas['User']

/** A user while he is written. */
export interface UserDraft {
  name: string
  email: string
  roles: string[]
  department_id: string
  location_ids: string[]
  labor_rate: string
  locale: string
  time_zone: string
  /** Of each day of the week, Monday first. */
  working_hours: string[]
  password: string
}

const usualHours = ['8', '8', '8', '8', '8', '0', '0']

export const userDraft = (user?: User): UserDraft => ({
  name: user?.name ?? '',
  email: user?.email ?? '',
  roles: user?.roles ?? [],
  department_id: user?.department_id ?? '',
  location_ids: user?.location_ids ?? [],
  labor_rate: user?.labor_rate?.amount ?? '',
  locale: user?.locale ?? '',
  time_zone: user?.time_zone ?? '',
  working_hours: user?.working_hours ?? usualHours,
  password: '',
})

const hoursOf = (draft: UserDraft): string[] => draft.working_hours.map((hours) => decimalOf(hours) || '0')

/** A draft as the API takes it for a new user; what is empty is left out. */
export function bodyOf(draft: UserDraft): Schemas['UserBody'] {
  return {
    name: draft.name.trim(),
    email: draft.email.trim(),
    roles: draft.roles,
    ...(draft.department_id ? { department_id: draft.department_id } : {}),
    ...(draft.location_ids.length > 0 ? { location_ids: draft.location_ids } : {}),
    ...(draft.labor_rate.trim() ? { labor_rate: decimalOf(draft.labor_rate) } : {}),
    ...(draft.locale ? { locale: draft.locale } : {}),
    ...(draft.time_zone ? { time_zone: draft.time_zone } : {}),
    ...(hoursOf(draft).join() === usualHours.join() ? {} : { working_hours: hoursOf(draft) }),
    ...(draft.password ? { password: draft.password } : {}),
  }
}

/** The merge patch from one draft to another: what differs; null takes a department or rate away. */
export function patchOf(draft: UserDraft, saved: UserDraft): Schemas['UserPatch'] {
  const patch: Record<string, unknown> = {}
  for (const name of ['name', 'email', 'locale', 'time_zone'] as const) if (draft[name].trim() !== saved[name]) patch[name] = draft[name].trim()
  for (const name of ['roles', 'location_ids'] as const) if ([...draft[name]].sort().join() !== [...saved[name]].sort().join()) patch[name] = draft[name]
  if (draft.department_id !== saved.department_id) patch.department_id = draft.department_id || null
  if (decimalOf(draft.labor_rate) !== decimalOf(saved.labor_rate)) patch.labor_rate = draft.labor_rate.trim() ? decimalOf(draft.labor_rate) : null
  if (hoursOf(draft).join() !== hoursOf(saved).join()) patch.working_hours = hoursOf(draft)
  if (draft.password) patch.password = draft.password
  return patch as Schemas['UserPatch']
}
