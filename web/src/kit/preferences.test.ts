import { expect, it } from 'vitest'
import { readPreferences } from './preferences'

it('reads what was kept and nothing else', () => {
  expect(readPreferences('{"density":"comfortable","letters":false}')).toEqual({ density: 'comfortable', letters: false })
  expect(readPreferences('{"density":"huge","letters":"no"}')).toEqual({ density: 'compact', letters: true })
  expect(readPreferences('not json')).toEqual({ density: 'compact', letters: true })
  expect(readPreferences(null)).toEqual({ density: 'compact', letters: true })
})
