import { expect, it } from 'vitest'
import { bulkCommands } from './bulk'

const order = (id: string, ...allowed_commands: string[]) => ({ id, allowed_commands })

it('offers what some of the orders allow, with those that do', () => {
  const found = bulkCommands([order('a', 'schedule', 'cancel'), order('b', 'cancel', 'complete')], () => true)
  expect(found.map(({ name, orders }) => [name, orders.map(({ id }) => id)])).toEqual([
    ['schedule', ['a']],
    ['cancel', ['a', 'b']],
  ])
})

it('offers nothing that the person may not do', () => {
  expect(bulkCommands([order('a', 'schedule', 'cancel')], (permission) => permission === 'work_orders.cancel').map(({ name }) => name)).toEqual(['cancel'])
})
