import { expect, it } from 'vitest'
import { byResource, difference, heldBy, type Permission } from './matrix'

const permissions: Permission[] = [
  { permission: 'assets.read', resource: 'assets', allows: 'Read assets.', roles: ['planner', 'buyer'] },
  { permission: 'assets.write', resource: 'assets', allows: 'Change assets.', roles: ['asset_manager'] },
  { permission: 'users.read', resource: 'users', allows: 'Read users.', roles: ['auditor'] },
]
const names = (some: Permission[]) => some.map(({ permission }) => permission)

it('roles add up', () => expect(names(heldBy(['buyer', 'auditor'], permissions))).toEqual(['assets.read', 'users.read']))

it('a change of roles gains and loses only what really changes', () => {
  const { gained, lost } = difference(['planner', 'auditor'], ['buyer', 'asset_manager'], permissions)
  expect(names(gained)).toEqual(['assets.write'])
  expect(names(lost)).toEqual(['users.read'])
})

it('permissions stand by what they are about', () => expect(byResource(permissions).map(([resource, some]) => [resource, some.length])).toEqual([['assets', 2], ['users', 1]]))
