import { expect, it } from 'vitest'
import { commandsOf } from './commands'

const all = () => true
const line = { quantity: '10', invoiced: '10' } as never

it('puts the next step of the normal path first', () => {
  expect(commandsOf({ status: 'draft', allowed_commands: ['submit', 'cancel'] }, all)).toEqual(['submit', 'edit', 'cancel'])
  expect(commandsOf({ status: 'approved', allowed_commands: ['withdraw', 'send', 'cancel'] }, all)).toEqual(['send', 'edit', 'withdraw', 'cancel'])
  expect(commandsOf({ status: 'partially_received', allowed_commands: ['receive', 'return', 'close'] }, all)).toEqual(['receive', 'invoice', 'close', 'return'])
  expect(commandsOf({ status: 'received', allowed_commands: ['receive', 'return', 'close'] }, all)[0]).toBe('invoice')
  expect(commandsOf({ status: 'received', allowed_commands: ['receive', 'return', 'close'], lines: [line] }, all)[0]).toBe('close')
})

it('shows a storekeeper what a storekeeper may', () => {
  const storekeeper = (permission: string) => permission === 'purchase_orders.receive'
  expect(commandsOf({ status: 'sent', allowed_commands: ['receive', 'cancel', 'close'] }, storekeeper)).toEqual(['receive'])
  expect(commandsOf({ status: 'closed', allowed_commands: [] }, all)).toEqual([])
})
