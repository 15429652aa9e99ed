import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['en', 'de', 'fr', 'es'] as const

// One file a noun and language: src/i18n/<language>/<noun>.json. English is in the entry, the others load when chosen.
const english = import.meta.glob<Record<string, string>>('./en/*.json', { eager: true, import: 'default' })
const others = import.meta.glob<Record<string, string>>(['./{de,fr,es}/*.json'], { import: 'default' })

const noun = (path: string) => path.replace(/^.*\/(.*)\.json$/, '$1')

/** A longer, accented English that shows words which were never given to translation: `?lang=pseudo` in tests. */
export function pseudo(text: string): string {
  const accents: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', n: 'ñ', c: 'ç', A: 'Á', E: 'É', O: 'Ó' }
  const parts = text.split(/(\{\{[^}]*\}\})/)
  const changed = parts.map((part) => (part.startsWith('{{') ? part : part.replace(/[aeiouncAEO]/g, (c) => accents[c] ?? c)))
  return `[${changed.join('')}${'~'.repeat(Math.ceil(text.length * 0.35))}]`
}

async function load(language: string) {
  if (language === 'pseudo') {
    for (const [path, words] of Object.entries(english)) {
      i18next.addResourceBundle('pseudo', noun(path), Object.fromEntries(Object.entries(words).map(([key, text]) => [key, pseudo(text)])))
    }
    return
  }
  const files = Object.entries(others).filter(([path]) => path.startsWith(`./${language}/`))
  const loaded = await Promise.all(files.map(async ([path, file]) => [noun(path), await file()] as const))
  for (const [name, words] of loaded) i18next.addResourceBundle(language, name, words)
}

/** Shows all words in a language; what a language lacks is shown in English. */
export async function speak(language: string) {
  const known = language === 'pseudo' || (languages as readonly string[]).includes(language) ? language : 'en'
  if (known !== 'en' && !i18next.hasResourceBundle(known, 'common')) await load(known)
  if (i18next.language !== known) await i18next.changeLanguage(known)
  document.documentElement.lang = known === 'pseudo' ? 'en' : known
}

await i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'common',
  resources: { en: Object.fromEntries(Object.entries(english).map(([path, words]) => [noun(path), words])) },
  keySeparator: false,
  nsSeparator: ':',
  interpolation: { escapeValue: false },
})

export { i18next }
