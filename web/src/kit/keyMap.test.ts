import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import words from '../i18n/en/shell.json'
import { keyMap } from './keyMap'

const source = join(import.meta.dirname, '..')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
const read = files.map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }))
const shown = new Set<string>(keyMap.flatMap(({ keys }) => [...keys]))

it('has each key that a screen listens to, and each has its words', () => {
  const used = read.flatMap(({ name, text }) => [
    ...[...text.matchAll(/useShortcut\('(.)'/g)].map(([, key]) => ({ name, key: key ?? '' })),
    ...[...text.matchAll(/useHotkeys\(\[\['mod\+(.)'/g)].flatMap(([, key]) => [{ name, key: 'Ctrl' }, { name, key: key ?? '' }]),
    ...[...text.matchAll(/aria-keyshortcuts="([^"]+)"/g)].map(([, key]) => ({ name, key: (key ?? '').replace('Control+', '') })),
  ])
  expect(used.length).toBeGreaterThan(12)
  expect(used.filter(({ key }) => !shown.has(key))).toEqual([])
  expect(keyMap.filter(({ word }) => !(`key.${word}` in words))).toEqual([])
})

// Whoever listens to the whole page by himself passes the map by.
it('is where keys of the whole page are named', () => {
  const listeners = read.filter(({ text }) => /(document|window)\.addEventListener\('keydown'/.test(text)).map(({ name }) => name)
  expect(listeners.sort()).toEqual(['kit/useDrag.ts', 'kit/useShortcut.ts', 'kit/useTabKeys.ts', 'kit/useTableKeys.ts', 'screens/assets/form/AssetForm.tsx', 'screens/scan/useWedge.ts', 'shell/Keys.tsx'])
})
