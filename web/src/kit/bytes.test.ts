import { expect, it } from 'vitest'
import { bytes } from './bytes'

it('says sizes in steps of a thousand, as the locale does', () => {
  expect(bytes(0, 'en')).toBe('0 byte')
  expect(bytes(999, 'en')).toBe('999 byte')
  expect(bytes(1000, 'en')).toBe('1 kB')
  expect(bytes(1_234_567, 'en')).toBe('1.2 MB')
  expect(bytes(1_234_567, 'de')).toBe('1,2 MB')
  expect(bytes(5e12, 'en')).toBe('5,000 GB')
})
