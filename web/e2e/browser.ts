import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, expect, inject } from 'vitest'
import { type Role, signedIn } from './sessions'

const places = [process.env.MAINSTAY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; `.ci/run` and `make test` see to it that there is one. */
export const executable = places.find((path) => path && existsSync(path))

export type Size = 'desk' | 'phone'
export type Scheme = 'light' | 'dark'

export const sizes = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const

let browser: Browser | undefined

async function launched(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--force-color-profile=srgb'] })
  return browser
}

afterAll(async () => {
  await browser?.close()
  browser = undefined
})

/** A page of a person, and what went wrong on it behind the scenes. */
export interface Visit {
  page: Page
  context: BrowserContext
  /** CSP reports, page errors and console errors so far; a test ends with `expectQuiet`. */
  complaints: string[]
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens a browser context, signed in as the role's demo person unless `as` is null. A test that ends the sign-in asks for one of its own.
 * `elsewhere` shows the pages as another machine than the stack's own gets them.
 */
export async function visit({ as = 'planner', own = false, elsewhere = false, size = 'desk', scheme = 'light', locale = 'en-GB', url = inject('url') }: { as?: Role | null; own?: boolean; elsewhere?: boolean; size?: Size; scheme?: Scheme; locale?: string; url?: string } = {}): Promise<Visit> {
  const storageState = as ? (own ? await signedIn(as, url, inject('password')) : inject('sessions')[as]) : undefined
  const context = await (await launched()).newContext({ ...sizes[size], colorScheme: scheme, locale, baseURL: url, reducedMotion: 'reduce', storageState })
  // What does not come in a quarter of a minute does not come.
  context.setDefaultTimeout(15_000)
  if (elsewhere) {
    await context.route('/login*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace('content="here"', 'content="elsewhere"') })
    })
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    // A refusal that a test provokes is no fault of the page.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(`console: ${text}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))
  })
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** Goes to a path and waits until its data is shown. */
export async function go(page: Page, path: string) {
  await page.goto(path)
  await settled(page)
}

/** Waits until nothing of the content loads any more. */
export async function settled(page: Page) {
  await page.locator('h1:visible').first().waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

/**
 * Waits until what comes in or goes out has done so. A sheet that opens is drawn faint and out of place for two frames even where motion
 * is turned off, and a loaded machine makes long ones of them.
 */
export async function still(page: Page) {
  await page.evaluate(async () => {
    const moves = () => document.getAnimations().some((one) => one.playState === 'running' && Number.isFinite(Number(one.effect?.getComputedTiming().endTime)))
    for (let quiet = 0; quiet < 4; quiet = moves() ? 0 : quiet + 1) await new Promise(requestAnimationFrame)
  })
}

/** Whether less than 24 px of a target can be reached even in the middle of the window. */
const obscured = (page: Page, target: string) =>
  page.locator(target).evaluate((element) => {
    const from = [...document.querySelectorAll('*')].filter(({ scrollTop }) => scrollTop > 0).map((box) => ({ box, top: box.scrollTop }))
    element.scrollIntoView({ block: 'center' })
    const { left, top, width, height } = element.getBoundingClientRect()
    const free = Array.from({ length: Math.floor(height) }, (_, y) => document.elementFromPoint(left + width / 2, top + y + 0.5)).filter((at) => at && (element.contains(at) || at.contains(element))).length
    for (const { box, top: old } of from) box.scrollTop = old
    return free < 24
  })

async function expectSound(page: Page, look: AxeBuilder) {
  await still(page)
  const { violations } = await look.analyze()
  const nodes = violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, target: n.target.join(' '), why: n.any[0]?.message ?? v.help })))
  // A row that runs under the commands at the foot is whole once it is scrolled to.
  const checked = await Promise.all(nodes.map(async (node) => ({ ...node, holds: node.rule !== 'target-size' || !/obscured/.test(node.why) || (await obscured(page, node.target)) })))
  const found = checked.filter(({ holds }) => holds).map(({ rule, target, why }) => `${rule}: ${target} (${why})`)
  expect(found, found.join('\n')).toEqual([])
}

// In the page itself: there are no frames, for which it would open a second page. Only what is wrong is described.
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })

/** No violation of WCAG 2.2 A and AA. */
export const expectAccessible = (page: Page) => expectSound(page, axe(page).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']))

/** Changes to light or dark, as the system of the person does at dusk. */
export async function turn(page: Page, scheme: Scheme) {
  await page.emulateMedia({ colorScheme: scheme })
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor()
}

/** No violation in light, where the page is, and none in dark: what changes are the colors, so the second look is at them. */
export async function expectAccessibleInBoth(page: Page) {
  await expectAccessible(page)
  await turn(page, 'dark')
  await expectSound(page, axe(page).withRules(['color-contrast', 'link-in-text-block']))
  await turn(page, 'light')
}

/** The page asked for nothing that the policy forbids and broke nowhere. */
export function expectQuiet({ complaints }: Visit) {
  expect(complaints, complaints.join('\n')).toEqual([])
}

/** Nothing stands wider than the window (WCAG 1.4.10). */
export async function expectNoSidewaysScroll(page: Page) {
  const { over, width } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return { over: [], width }
    const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > width + 0.5)
    return { over: [`the page is ${document.documentElement.scrollWidth} px wide`, ...wide.slice(0, 5).map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${element.textContent?.trim().slice(0, 40)}`)], width }
  })
  expect(over, `at ${width} px: ${over.join('\n')}`).toEqual([])
}

export const bothSizes: Size[] = ['desk', 'phone']

/** Types a code as a scanner does that is a keyboard: a key every millisecond, however busy the machine is. */
export async function scan(page: Page, code: string) {
  await page.evaluate((keys) => {
    const began = performance.now()
    keys.forEach((key, at) => {
      const press = new KeyboardEvent('keydown', { key, bubbles: true })
      Object.defineProperty(press, 'timeStamp', { value: began + at })
      document.body.dispatchEvent(press)
    })
  }, [...code, 'Enter'])
}

/** Chooses an option of a field that searches while one types. */
export async function choose(page: Page, field: string, typed: string, option: string | RegExp = typed) {
  await page.getByRole('textbox', { name: field }).or(page.getByRole('combobox', { name: field })).first().fill(typed)
  await page.getByRole('option', { name: option }).first().click()
}

/** Writes a day into a field: the phone has the browser's own picker, the desk takes what is typed. */
export async function writeDay(page: Page, field: string, day: string, size: Size = 'desk') {
  const input = page.getByLabel(field, { exact: true })
  await input.fill(day)
  // Not Enter, which would send the form; the calendar closes with it.
  if (size === 'desk') await input.blur()
}

/** Calls the API as the page's person. */
export async function call<T>(context: BrowserContext, method: 'get' | 'post' | 'patch' | 'put', path: string, data?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await context.request[method](path, { data, headers: { 'X-Mainstay-CSRF': '1', ...headers } })
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
  return (await answer.json()) as T
}
