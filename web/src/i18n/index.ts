import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['en', 'de', 'fr', 'es'] as const

type Words = Record<string, string>

// One file a noun and language: src/i18n/<language>/<noun>.json. A language is one file for the browser, which loads when it is spoken.
const spoken: Record<(typeof languages)[number], () => Promise<{ words: Record<string, Words> }>> = {
  en: () => import('./en'),
  de: () => import('./de'),
  fr: () => import('./fr'),
  es: () => import('./es'),
}

const noun = (path: string) => path.replace(/^.*\/(.*)\.json$/, '$1')

/** A longer, accented English that shows words which were never given to translation: `?lang=pseudo` in tests. */
export function pseudo(text: string): string {
  const accents: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', n: 'ñ', c: 'ç', A: 'Á', E: 'É', O: 'Ó' }
  const parts = text.split(/(\{\{[^}]*\}\})/)
  const changed = parts.map((part) => (part.startsWith('{{') ? part : part.replace(/[aeiouncAEO]/g, (c) => accents[c] ?? c)))
  return `[${changed.join('')}${'~'.repeat(Math.ceil(text.length * 0.35))}]`
}

async function load(language: string) {
  const { words } = await (spoken[language as keyof typeof spoken] ?? spoken.en)()
  for (const [path, texts] of Object.entries(words)) {
    const shown = language === 'pseudo' ? Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudo(text)])) : texts
    i18next.addResourceBundle(language, noun(path), shown)
  }
}

/** Shows all words in a language, of which each has all (words.test.ts); in English where it is none of ours. */
export async function speak(language: string) {
  const known = language === 'pseudo' || (languages as readonly string[]).includes(language) ? language : 'en'
  if (!i18next.hasResourceBundle(known, 'common')) await load(known)
  if (i18next.language !== known) await i18next.changeLanguage(known)
  document.documentElement.lang = known === 'pseudo' ? 'en' : known
}

await i18next.use(initReactI18next).init({
  fallbackLng: false,
  defaultNS: 'common',
  resources: {},
  keySeparator: false,
  nsSeparator: ':',
  interpolation: { escapeValue: false },
})

export { i18next }
