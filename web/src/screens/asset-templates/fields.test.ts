import { expect, it } from 'vitest'
import { customFields, emptyField, fieldDrafts, schemaOf } from './fields'

it('reads the fields of a schema in its order', () => {
  const schema = { type: 'object', required: ['flow'], properties: { flow: { type: 'number', title: 'Flow' }, seal: { enum: ['single', 'double'] }, odd: true } }
  expect(customFields(schema)).toEqual([
    { name: 'flow', title: 'Flow', type: 'number', required: true, choices: [] },
    { name: 'seal', title: 'seal', type: '', required: false, choices: ['single', 'double'] },
    { name: 'odd', title: 'odd', type: '', required: false, choices: [] },
  ])
  expect([customFields(null), customFields({}), customFields({ properties: [] })]).toEqual([[], [], []])
})

it('writes fields into the schema and keeps what it does not know', () => {
  const before = {
    type: 'object',
    additionalProperties: false,
    required: ['flow', 'gone'],
    properties: { flow: { type: 'number', title: 'Flow', minimum: 0 }, seal: { enum: ['single', 'double'] }, parts: { type: 'array' }, gone: { type: 'string' } },
  }
  const [flow, seal, parts] = fieldDrafts(before)
  if (!flow || !seal || !parts) throw new Error('a field is missing')
  expect([flow.kind, seal.kind, parts.kind]).toEqual(['number', 'choice', 'other'])
  const drafts = [{ ...flow, title: 'Flow rate' }, { ...seal, choices: 'single\ndouble\n\ntriple' }, parts, { ...emptyField(), title: 'Höhe (m)', kind: 'integer' as const, required: true }, { ...emptyField(), title: ' ' }]
  expect(schemaOf(before, drafts)).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['flow', 'hohe_m'],
    properties: { flow: { type: 'number', title: 'Flow rate', minimum: 0 }, seal: { enum: ['single', 'double', 'triple'] }, parts: { type: 'array' }, hohe_m: { type: 'integer', title: 'Höhe (m)' } },
  })
  expect(schemaOf(before, fieldDrafts(before))).toEqual(before)
  expect(schemaOf(null, [{ ...emptyField(), title: 'x', kind: 'choice', choices: 'a\na' }, { ...emptyField(), title: 'X' }])).toEqual({ type: 'object', properties: { x: { enum: ['a'] }, x_2: { title: 'X', type: 'string' } } })
  expect([schemaOf(null, []), schemaOf({ type: 'object', properties: { a: {} } }, [])]).toEqual([null, null])
})
