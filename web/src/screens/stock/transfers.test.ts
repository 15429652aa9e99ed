import { expect, it } from 'vitest'
import { putAwayBody } from './putAways'
import { sendBody, stepBody } from './transfers'

const place = { id: 'place', code: 'ST', name: 'Store' }

it('sends what the item’s tracking names, and a unit that is not its own', () => {
  const values = { location_id: place, to_location_id: null, quantity: '2,5', unit: 'box', lot: 'L1', serial: 'S1', reason: ' ' }
  expect(JSON.parse(JSON.stringify(sendBody({ id: 'item', unit: 'pc', tracking: 'lot' }, values)))).toEqual({ item_id: 'item', location_id: 'place', to_location_id: '00000000-0000-0000-0000-000000000000', quantity: '2.5', unit: 'box', lot: 'L1' })
  expect(sendBody({ id: 'item', unit: 'box', tracking: 'serial' }, values)).toMatchObject({ quantity: '1', serial: 'S1', unit: undefined })
})

it('puts away only what is received', () => {
  const values = { quantity: '3', location_id: place, reason: ' wet ' }
  expect(stepBody('receive', values)).toEqual({ quantity: '3', location_id: 'place', reason: 'wet' })
  expect(stepBody('scrap', values)).toEqual({ quantity: '3', location_id: undefined, reason: 'wet' })
})

it('puts away what waits under its own lot, into the place that was read', () => {
  const waiting = { item_id: 'item', location_id: 'dock', lot: 'L1' }
  const bin = { id: 'bin', code: 'ST-1', name: 'Bin' }
  expect(JSON.parse(JSON.stringify(putAwayBody(waiting, { to_location_id: bin, quantity: '2,5' })))).toEqual({ kind: 'put_away', item_id: 'item', location_id: 'dock', to_location_id: 'bin', quantity: '2.5', lot: 'L1' })
})
