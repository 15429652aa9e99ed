/** The languages by their own names; the person's own locale stays among them where it names a country too. */
export function languageChoices(own: string, languages: readonly string[]): { value: string; label: string }[] {
  const values = own && !languages.includes(own) ? [own, ...languages] : [...languages]
  return values.map((value) => {
    const name = new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value
    return { value, label: name.charAt(0).toLocaleUpperCase(value) + name.slice(1) }
  })
}

/** What a browser calls itself, in the words people use: «Firefox on Linux». Empty where it cannot be told. */
export function deviceOf(agent: string): { browser: string; system: string } {
  const browsers: [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/(Chrome|Chromium|CriOS)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
    [/^curl\//, 'curl'],
  ]
  const systems: [RegExp, string][] = [
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X|Macintosh/, 'macOS'],
    [/Linux|X11/, 'Linux'],
  ]
  const first = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1] ?? ''
  return { browser: first(browsers), system: first(systems) }
}
