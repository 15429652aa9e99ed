import { expect, it } from 'vitest'
import { firstFor } from './nextWork'

const order = (id: string, status: string, ...people: string[]) => ({ id, status, assignees: people.map((person) => ({ id: person })) })

it('shows the own running work first, then own, then free, then any', () => {
  const orders = [order('others', 'in_progress', 'amir'), order('free', 'approved'), order('own', 'scheduled', 'jonas'), order('running', 'in_progress', 'jonas')]
  expect(firstFor(orders, 'jonas')?.id).toBe('running')
  expect(firstFor(orders.slice(0, 3), 'jonas')?.id).toBe('own')
  expect(firstFor(orders.slice(0, 2), 'jonas')?.id).toBe('free')
  expect(firstFor(orders.slice(0, 1), 'jonas')?.id).toBe('others')
  expect(firstFor([], 'jonas')).toBeUndefined()
})
