import { expect, it } from 'vitest'
import { deviceOf, languageChoices } from './choices'

it('names languages in themselves and keeps a locale with a country', () => {
  expect(languageChoices('en', ['en', 'de']).map((c) => c.label)).toEqual(['English', 'Deutsch'])
  expect(languageChoices('de-AT', ['en', 'de']).map((c) => c.value)).toEqual(['de-AT', 'en', 'de'])
})

it('tells browsers apart', () => {
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36')).toEqual({ browser: 'Chrome', system: 'Linux' })
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1')).toEqual({ browser: 'Safari', system: 'iOS' })
  expect(deviceOf('something-else/1')).toEqual({ browser: '', system: '' })
})
