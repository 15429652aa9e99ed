import { describe, expect, it } from 'vitest'
import { codeOf, Wedge } from './wedge'

const scan = (wedge: Wedge, text: string, from: number, step: number) => [...text, 'Enter'].map((key, index) => wedge.press(key, from + index * step)).at(-1)

describe('a scanner that types', () => {
  it('gives its code at Enter', () => expect(scan(new Wedge(), 'CR-301', 1000, 10)).toBe('CR-301'))
  it('is told from a hand', () => expect(scan(new Wedge(), 'CR-301', 1000, 150)).toBeUndefined())
  it('begins anew after a pause, and ignores keys without a character', () => {
    const wedge = new Wedge()
    wedge.press('x', 0)
    wedge.press('Shift', 1000)
    expect(scan(wedge, 'FD-201', 1010, 5)).toBe('FD-201')
  })
})

it('reads the code out of the address of a label', () => {
  expect(codeOf('https://mainstay.example/a/CR-301')).toBe('CR-301')
  expect(codeOf('http://127.0.0.1:8080/a/A%2F7?x=1')).toBe('A/7')
  expect(codeOf(' 4006381333931 ')).toBe('4006381333931')
  expect(codeOf('https://elsewhere.example/x/CR-301')).toBe('https://elsewhere.example/x/CR-301')
})
