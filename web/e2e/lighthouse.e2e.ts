import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse, { defaultConfig, desktopConfig } from 'lighthouse'
import { type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { executable, type Size } from './browser'

const kilobyte = 1024
/** What a page may weigh on the wire, in KB. Times are not asserted: machines differ. */
const budget = { script: 320, stylesheet: 60, font: 160, total: 640 }
/** Of all that the page of the entry names, scripts and styles together: KB as gzip, and files. */
const entryBudget = { weight: 200, files: 6 }
// A page that follows what others do never rests: Lighthouse looks at it then.
const loadsWithin = 15_000

let context: BrowserContext
let port = 0
const profile = mkdtempSync(join(tmpdir(), 'mainstay-lighthouse-'))

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })

beforeAll(async () => {
  port = await freePort()
  context = await chromium.launchPersistentContext(profile, { executablePath: executable, args: ['--no-sandbox', `--remote-debugging-port=${port}`], baseURL: inject('url') })
})

afterAll(async () => {
  await context?.close()
  rmSync(profile, { recursive: true, force: true })
})

async function signIn(as: string) {
  const answer = await context.request.post('/v1/auth/session', { data: { email: `${as}@example.com`, password: inject('password') }, headers: { 'X-Mainstay-CSRF': '1' } })
  expect(answer.status(), await answer.text()).toBe(200)
}

/** Looks at a page as Lighthouse does, with the cookies that the browser has. */
async function looked(path: string, size: Size) {
  const config = size === 'desk' ? desktopConfig : defaultConfig
  const flags = { port, output: 'json', logLevel: 'error', disableStorageReset: true, throttlingMethod: 'provided', maxWaitForLoad: loadsWithin, onlyCategories: ['accessibility'], onlyAudits: ['network-requests', 'csp-xss', 'errors-in-console'] } as const
  const result = await lighthouse(`${inject('url')}${path}`, { ...flags, onlyCategories: [...flags.onlyCategories], onlyAudits: [...flags.onlyAudits] }, config)
  if (!result) throw new Error('Lighthouse said nothing')
  return result.lhr
}

interface Sent {
  url: string
  resourceType?: string
  transferSize: number
}

// The sign-in page first: later visits would meet a warm cache, which Lighthouse empties, and a signed-in person, whom it keeps.
describe.each<[path: string, as: string | null, size: Size]>([
  ['/login', null, 'desk'],
  ['/', 'technician', 'phone'],
  ['/assets', 'planner', 'desk'],
])('Lighthouse at %s for %s at %s size', (path, as, size) => {
  it('finds nothing to better for accessibility, and the page keeps its budget', { timeout: 120_000 }, async () => {
    if (as) await signIn(as)
    const found = await looked(path, size)
    expect(new URL(found.finalDisplayedUrl).pathname).toBe(path)
    const refs = found.categories.accessibility?.auditRefs ?? []
    const failing = refs.map(({ id }) => found.audits[id]).filter((audit) => audit && audit.score !== null && audit.score < 1)
    expect(failing, failing.map((audit) => `${audit?.id}: ${audit?.title}`).join('\n')).toEqual([])
    expect(found.categories.accessibility?.score).toBe(1)
    expect(found.audits['errors-in-console']?.score).toBe(1)
    const details = found.audits['network-requests']?.details
    const sent = details && 'items' in details ? (details.items as unknown as Sent[]) : []
    const weights: Record<string, number> = { total: 0 }
    // What others do meanwhile makes the page read a list again: an address counts once.
    const once = [...new Map(sent.toReversed().map((one) => [one.url, one])).values()]
    for (const { resourceType = 'other', transferSize } of once) {
      const kind = resourceType.toLowerCase()
      weights[kind] = (weights[kind] ?? 0) + transferSize / kilobyte
      weights.total = (weights.total ?? 0) + transferSize / kilobyte
    }
    expect(weights.script).toBeGreaterThan(0)
    const over = Object.entries(budget).filter(([kind, most]) => (weights[kind] ?? 0) > most)
    expect(over, Object.entries(weights).map(([kind, weight]) => `${kind} ${Math.round(weight)} KB`).join(', ')).toEqual([])
  })
})

it('the entry is small: what every page needs before it can draw anything', async () => {
  const page = await (await fetch(`${inject('url')}/login`, { headers: { Accept: 'text/html' } })).text()
  const named = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path)
  expect(named.length).toBeGreaterThan(1)
  expect(named.length).toBeLessThanOrEqual(entryBudget.files)
  const weights = await Promise.all(
    named.map(async (path) => {
      const answer = await fetch(`${inject('url')}${path}`, { method: 'HEAD', headers: { 'Accept-Encoding': 'gzip' } })
      expect(answer.status).toBe(200)
      return Number(answer.headers.get('content-length')) / kilobyte
    }),
  )
  expect(Math.max(...weights)).toBeGreaterThan(10)
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(entryBudget.weight)
})
