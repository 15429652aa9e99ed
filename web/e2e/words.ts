import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

// All that this application says in English. Shown in the pseudo language, each is a word that passed the translation by.
const folder = resolve(import.meta.dirname, '../src/i18n/en')
const english = new Set(readdirSync(folder).flatMap((file) => Object.values(JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as Record<string, string>)))

// What is the same in every language: the names of days and months as the locale has them, and each language's name of itself.
const unspoken = new Set([
  ...(['short', 'long', 'narrow'] as const).flatMap((width) => [
    ...Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat('en-GB', { weekday: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2026, 1, 1 + day)))),
    ...Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat('en-GB', { month: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2026, month, 1)))),
  ]),
])
for (const language of ['en', 'de', 'fr', 'es']) {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? ''
  unspoken.add(name).add(`${name.charAt(0).toUpperCase()}${name.slice(1)}`)
}
// Letters that the pseudo language gives its words, also where a sentence is in several elements.
const spoken = /[[~áéíóúñçÁÉÓ]/
const timeZone = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//

/** What stands on the page, and what is cut of what the pseudo language says in a place that must not cut. Runs in the page. */
function look() {
  const said = new Set<string>()
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement
    const text = node.textContent?.trim()
    if (text && parent && !['SCRIPT', 'STYLE', 'KBD', 'CODE'].includes(parent.tagName)) said.add(text)
  }
  for (const element of document.body.querySelectorAll('[aria-label],[placeholder],[title],[alt]')) {
    // The copy of a field that measures how high it has to be is neither seen nor said.
    if (element.matches('[aria-hidden="true"]')) continue
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
      const text = element.getAttribute(name)?.trim()
      if (text) said.add(text)
    }
  }
  const cut: string[] = []
  for (const element of document.body.querySelectorAll<HTMLElement>('button, button *, h1, h2, h3, label, legend, dt, nav a, nav a *')) {
    const style = getComputedStyle(element)
    const text = element.textContent?.trim() ?? ''
    if (!text.includes('~]') || element.offsetParent === null || style.overflowX === 'visible' || style.clipPath !== 'none' || element.closest('.ms-hidden')) continue
    if (element.scrollWidth > element.clientWidth + 1) cut.push(`<${element.tagName.toLowerCase()}> ${text}`)
  }
  return { said: [...said], cut }
}

/** The address of a page in the pseudo language, which is longer than English by a third. */
export const inPseudo = (address: string) => `${address}${address.includes('?') ? '&' : '?'}lang=pseudo`

/** Collects what the server says from now on: names and texts of records are in no language of ours. */
export function fromServer(page: Page): string[] {
  const said: string[] = []
  page.on('response', async (response) => {
    if (response.url().includes('/v1/') && response.headers()['content-type']?.includes('json')) said.push(await response.text().catch(() => ''))
  })
  return said
}

/** A page that was opened in the pseudo language says nothing in English, and cuts its longer words nowhere. */
export async function expectTranslated(page: Page, data: string[]) {
  const { said, cut } = await page.evaluate(look)
  expect(said.some((text) => text.startsWith('[') && text.endsWith('~]')), 'the page speaks the pseudo language').toBe(true)
  const foreign = (known: string) => said.filter((text) => {
    if (spoken.test(text) || !/\p{L}{2,}/u.test(text) || unspoken.has(text) || timeZone.test(text) || text === 'Mainstay') return false
    if (english.has(text) && !known.includes(JSON.stringify(text))) return true
    // The rest is what the server sent, a name's letters, or a figure or date as the locale writes it.
    const words = text.split(/[\s,.:·()/–-]+/).filter((word) => /\p{L}{2,}/u.test(word))
    return !words.every((word) => known.includes(word) || unspoken.has(word) || /^\p{Lu}{1,2}$/u.test(word) || /\d/.test(word))
  })
  // What the server said may still be on its way here when it already stands on the page.
  await expect.poll(() => ({ untranslated: foreign(data.join('\n')), cut })).toEqual({ untranslated: [], cut: [] })
}
