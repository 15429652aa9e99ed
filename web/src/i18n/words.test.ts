import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { languages, pseudo } from '.'

const here = import.meta.dirname
const source = join(here, '..')
const files = readdirSync(join(here, 'en'))
const words = (language: string, file: string): Record<string, string> => JSON.parse(readFileSync(join(here, language, file), 'utf8'))
const gaps = (text: string) => [...text.matchAll(/\{\{[^}]*\}\}/g)].map(([gap]) => gap).sort()
// French and Spanish have a plural form for millions that English does not know, English more ordinal ones than others.
const same = (key: string) => key.replace(/_(ordinal_)?(one|two|few|many|other)$/, '')

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
  it.each(files)('has every word of %s, with the same gaps', (file) => {
    const english = words('en', file)
    const theirs = words(language, file)
    expect([...new Set(Object.keys(theirs).map(same))].sort()).toEqual([...new Set(Object.keys(english).map(same))].sort())
    for (const [key, text] of Object.entries(theirs)) {
      if (english[key]) expect(gaps(text), `${file} ${key}`).toEqual(gaps(english[key]))
    }
  })
})

it('the pseudo language keeps gaps and is longer by a third', () => {
  expect(pseudo('Save {{count}} dates')).toBe('[Sávé {{count}} dátés~~~~~~~]')
})

const read = ['label', 'title', 'placeholder', 'description', 'aria-label', 'alt', 'error', 'nothingFoundMessage']
const spoken = /\p{L}{2,}/u

function components(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) return components(path)
    return path.endsWith('.tsx') ? [path] : []
  })
}

/** Words that stand in a component instead of in the files of the languages. */
function untranslated(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const look = (node: ts.Node) => {
    if (ts.isJsxText(node) && spoken.test(node.text)) found.push(node.text.trim())
    if (ts.isJsxAttribute(node) && read.includes(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) && spoken.test(node.initializer.text)) found.push(node.initializer.text)
    ts.forEachChild(node, look)
  }
  look(file)
  return found
}

it.each(components(source).map((path) => relative(source, path)))('%s says nothing that cannot be translated', (path) => {
  expect(untranslated(join(source, path)).filter((text) => text !== 'Mainstay')).toEqual([])
})
