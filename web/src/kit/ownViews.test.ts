import { describe, expect, it, vi } from 'vitest'

vi.stubGlobal('location', { origin: 'http://localhost' })
const { viewText, withoutView, withView } = await import('./ownViews')

describe('own views', () => {
  const late = { area: 'work-orders', name: 'Late', search: '?saved=overdue' }

  it('keep the address of a list without the row that is open', () => {
    expect(viewText({ saved: 'overdue', status: ['on_hold'], open: 'x' })).toBe(viewText({ saved: 'overdue', status: ['on_hold'] }))
    expect(viewText({ saved: 'overdue' })).toBe('?saved=overdue')
  })

  it('replace the one of the same name in the same list', () => {
    const elsewhere = { ...late, area: 'assets' }
    expect(withView([late, elsewhere], { ...late, search: '?saved=mine' })).toEqual([elsewhere, { ...late, search: '?saved=mine' }])
    expect(withoutView([late, elsewhere], 'assets', 'Late')).toEqual([late])
  })
})
