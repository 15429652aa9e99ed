import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, expect, inject } from 'vitest'

const places = [process.env.MAINSTAY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; `.ci/run` and `make test` see to it that there is one. */
export const executable = places.find((path) => path && existsSync(path))

export type Role = 'admin' | 'planner' | 'technician' | 'requester' | 'asset_manager' | 'auditor' | 'storekeeper' | 'buyer' | 'approver'
export type Size = 'desk' | 'phone'
export type Scheme = 'light' | 'dark'

const sizes = {
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

/** Opens a browser context, signed in as the role's demo person unless `as` is null. */
export async function visit({ as = 'planner', size = 'desk', scheme = 'light', locale = 'en-GB', url = inject('url') }: { as?: Role | null; size?: Size; scheme?: Scheme; locale?: string; url?: string } = {}): Promise<Visit> {
  const context = await (await launched()).newContext({ ...sizes[size], colorScheme: scheme, locale, baseURL: url, reducedMotion: 'reduce' })
  // What does not come in a quarter of a minute does not come.
  context.setDefaultTimeout(15_000)
  if (as) {
    const answer = await context.request.post('/v1/auth/session', {
      data: { email: `${as}@example.com`, password: inject('password') },
      headers: { 'X-Mainstay-CSRF': '1' },
    })
    expect(answer.status(), await answer.text()).toBe(200)
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

/** No violation of WCAG 2.2 A and AA. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  const found = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} (${n.any[0]?.message ?? v.help})`))
  expect(found).toEqual([])
}

/** The page asked for nothing that the policy forbids and broke nowhere. */
export function expectQuiet({ complaints }: Visit) {
  expect(complaints).toEqual([])
}

/** Nothing stands wider than the window (WCAG 1.4.10). */
export async function expectNoSidewaysScroll(page: Page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  expect(content).toBeLessThanOrEqual(window ?? 0)
}

/** Does something to the page in all four shapes: desk and phone, light and dark. */
export const shapes: [Size, Scheme][] = [
  ['desk', 'light'],
  ['desk', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
]

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
