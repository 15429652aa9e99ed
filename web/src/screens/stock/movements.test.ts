import { expect, it } from 'vitest'
import { effectOf, firstMove, movementBody, noMovement, onlyPlace, reservationBody } from './movements'

const store = { id: 'store', code: 'ST-1', name: 'Main store' }
const oil = { id: 'item', tracking: 'none', unit: 'l' }
const order = { id: 'order', code: 'WO-000012', name: 'Seal' }

it('sends only what a kind of movement takes', () => {
  const typed = { ...noMovement, location_id: store, to_location_id: store, quantity: '2,5', unit_cost: '12,40', work_order_id: order, cost_center_id: store, lot: 'L1', serial: 'S1' }
  expect(movementBody(oil, { ...typed, kind: 'issue' })).toEqual({ item_id: 'item', kind: 'issue', location_id: 'store', quantity: '2.5', work_order_id: 'order' })
  expect(movementBody({ ...oil, tracking: 'lot' }, { ...typed, kind: 'receipt' })).toEqual({ item_id: 'item', kind: 'receipt', location_id: 'store', quantity: '2.5', unit_cost: '12.40', lot: 'L1' })
  expect(movementBody(oil, { ...typed, kind: 'transfer' })).toEqual({ item_id: 'item', kind: 'transfer', location_id: 'store', quantity: '2.5', to_location_id: 'store' })
  expect(movementBody(oil, { ...typed, kind: 'scrap', reason: ' broken ' })).toMatchObject({ kind: 'scrap', reason: 'broken' })
})

it('says the unit where it is not the item’s own', () => {
  expect(movementBody(oil, { ...noMovement, location_id: store, quantity: '2', unit: 'l' }).unit).toBeUndefined()
  expect(movementBody(oil, { ...noMovement, location_id: store, quantity: '2', unit: 'drum' }).unit).toBe('drum')
})

it('asks for nothing that the server cannot read where nothing was picked', () => {
  const nothing = '00000000-0000-0000-0000-000000000000'
  expect(movementBody(oil, noMovement).location_id).toBe(nothing)
  expect(reservationBody({ item_id: null, location_id: null, quantity: '1', unit: '', kind: 'hard', expires_on: '' })).toEqual({ item_id: nothing, location_id: nothing, quantity: '1', kind: 'hard' })
})

it('moves one unit of what has a serial number, and charges a cost center where no work order is named', () => {
  const body = movementBody({ ...oil, tracking: 'serial' }, { ...noMovement, location_id: store, serial: ' S1 ', cost_center_id: store })
  expect(body).toEqual({ item_id: 'item', kind: 'issue', location_id: 'store', quantity: '1', serial: 'S1', cost_center_id: 'store' })
})

it('says what lies there after the movement', () => {
  const stock = { on_hand: '10', available: '10', reserved: '0', in_transit: '0', on_order: '0', by_location: [{ kind: 'bin' as const, location: { id: 'store', name: '' }, location_id: 'store', on_hand: '10', reserved: '0', available: '10' }] }
  const typed = { ...noMovement, location_id: store, quantity: '2,5' }
  expect(effectOf(stock, typed)).toEqual({ now: '10', after: '7.5' })
  expect(effectOf(stock, { ...typed, kind: 'receipt' })).toEqual({ now: '10', after: '12.5' })
  expect(effectOf(stock, { ...typed, kind: 'adjustment', quantity: '-3' })).toEqual({ now: '10', after: '7' })
  expect(effectOf(stock, { ...typed, location_id: { ...store, id: 'other' } })).toEqual({ now: '0', after: '-2.5' })
  expect(effectOf(stock, { ...typed, quantity: 'x' })).toBeUndefined()
})

it('begins at the one place where something lies, and with a receipt where nothing does', () => {
  const at = (id: string) => ({ location: { id, code: id.toUpperCase(), name: id } })
  expect(onlyPlace([at('a')])).toEqual({ id: 'a', code: 'A', name: 'a' })
  expect(onlyPlace([at('a'), at('b')])).toBeNull()
  expect(onlyPlace(null)).toBeNull()
  expect(onlyPlace([at('a'), { ...at('b'), kind: 'transit' }])).toMatchObject({ id: 'a' })
  expect(firstMove([])).toEqual({ kind: 'receipt' })
  expect(firstMove([at('a'), at('b')])).toEqual({})
})
