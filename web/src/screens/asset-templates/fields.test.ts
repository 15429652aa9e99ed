import { expect, it } from 'vitest'
import { customFields } from './fields'

it('reads the fields of a schema in its order', () => {
  const schema = { type: 'object', required: ['flow'], properties: { flow: { type: 'number', title: 'Flow' }, seal: { enum: ['single', 'double'] }, odd: true } }
  expect(customFields(schema)).toEqual([
    { name: 'flow', title: 'Flow', type: 'number', required: true, choices: [] },
    { name: 'seal', title: 'seal', type: '', required: false, choices: ['single', 'double'] },
    { name: 'odd', title: 'odd', type: '', required: false, choices: [] },
  ])
  expect([customFields(null), customFields({}), customFields({ properties: [] })]).toEqual([[], [], []])
})
