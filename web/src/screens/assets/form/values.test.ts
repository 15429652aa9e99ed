import { expect, it } from 'vitest'
import { changedBody, newBody, noValues } from './values'

const place = { id: 'p1', code: 'CR', name: 'Crushing' }

it('sends of a new asset what was filled, and of what is needed an empty text', () => {
  const body = newBody({ ...noValues, code: 'CR-301', location_id: place, purchase_price: '12.30' })
  expect(body).toEqual({ code: 'CR-301', name: '', category_id: '', location_id: 'p1', lifecycle_state: 'in_service', operating_state: 'up', purchase_price: '12.30' })
})

it('sends of a change only what differs, and null for what was emptied', () => {
  const before = { ...noValues, name: 'Crusher', serial_number: 'S1', category_id: place }
  expect(changedBody(before, { ...before, serial_number: '', manufacturer: 'Hartmann' })).toEqual({ serial_number: null, manufacturer: 'Hartmann' })
  expect(changedBody(before, { ...before, category_id: { ...place }, location_id: place })).toEqual({})
})
