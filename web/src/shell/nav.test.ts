import { describe, expect, it } from 'vitest'
import { entryOf, groups, ownEntries, phoneEntries, under } from './nav'

const all = [...groups.flatMap((group) => group.entries), ...ownEntries, ...phoneEntries]

describe('navigation', () => {
  it('finds the entry of a page below it', () => {
    expect(entryOf('/work-orders/018f', all)?.word).toBe('work_orders')
    expect(entryOf('/', all)?.word).toBe('home')
    expect(entryOf('/requests/new', all)?.word).toBe('report')
    expect(entryOf('/elsewhere', all)).toBeUndefined()
  })
  it('takes no page for the home page or for a neighbor with the same beginning', () => {
    expect(under('/assets', '/')).toBe(false)
    expect(under('/assets-old', '/assets')).toBe(false)
  })
})
