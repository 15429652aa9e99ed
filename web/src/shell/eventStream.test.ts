import { describe, expect, it } from 'vitest'
import { eventReader, keysOf, pauseAfter } from './eventStream'

describe('the event stream', () => {
  it('is read whatever the pieces are', () => {
    const whole = 'retry: 2000\n\nid: 7\nevent: work_order\ndata: {"a":1}\n\n: still here\n\nid: 8\nevent: asset\ndata: {"b":\ndata: 2}\n\n'
    const expected = [
      { id: '7', event: 'work_order', data: '{"a":1}' },
      { id: '8', event: 'asset', data: '{"b":\n2}' },
    ]
    for (const size of [1, 3, 7, whole.length]) {
      const read = eventReader()
      const events = []
      for (let at = 0; at < whole.length; at += size) events.push(...read(whole.slice(at, at + size)))
      expect(events).toEqual(expected)
    }
  })
  it('holds back what is not finished', () => {
    const read = eventReader()
    expect(read('id: 1\ndata: x\n')).toEqual([])
    expect(read('\n')).toEqual([{ id: '1', event: 'message', data: 'x' }])
  })
})

it('refreshes what shows a noun', () => {
  expect(keysOf('maintenance_schedule')).toContain('maintenance-schedules')
  expect(keysOf('asset_category')).toEqual(['asset-categories'])
  expect(keysOf('asset_template')).toContain('spare-parts')
  expect(keysOf('stock_movement')).toEqual(expect.arrayContaining(['stock-movements', 'items', 'dashboard']))
  expect(keysOf('goods_receipt')).toContain('purchase-orders')
  expect(keysOf('labor_entry')).toContain('work-orders')
})

it('tries again later each time', () => {
  expect([1, 2, 3, 9].map(pauseAfter)).toEqual([1, 2, 4, 30])
})
