import type { Schemas } from '../../api/client'

export type Permission = Schemas['PermissionEntry']

/** The permissions that any of some roles holds. */
export function heldBy(roles: readonly string[], permissions: readonly Permission[]): Permission[] {
  return permissions.filter((one) => one.roles?.some((role) => roles.includes(role)))
}

/** What a person may do after a change of roles and could not before, and the other way round. */
export function difference(before: readonly string[], after: readonly string[], permissions: readonly Permission[]): { gained: Permission[]; lost: Permission[] } {
  const [had, has] = [new Set(heldBy(before, permissions)), new Set(heldBy(after, permissions))]
  return { gained: [...has].filter((one) => !had.has(one)), lost: [...had].filter((one) => !has.has(one)) }
}

/** The permissions by what they are about, in their order. */
export function byResource(permissions: readonly Permission[]): [resource: string, permissions: Permission[]][] {
  const groups = new Map<string, Permission[]>()
  for (const one of permissions) groups.set(one.resource, [...(groups.get(one.resource) ?? []), one])
  return [...groups]
}
