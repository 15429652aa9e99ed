import { expect, it } from 'vitest'
import { keepTyped } from './keepTyped'

it('takes what the server answered, save what was typed since it was sent', () => {
  const sent = { name: ' Pump ', roles: ['planner'], note: '' }
  const typed = { name: ' Pump ', roles: ['planner', 'buyer'], note: '' }
  expect(keepTyped(typed, sent, { name: 'Pump', roles: ['planner'], note: 'new' })).toEqual({ name: 'Pump', roles: ['planner', 'buyer'], note: 'new' })
})
