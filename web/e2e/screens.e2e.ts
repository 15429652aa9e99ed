import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { bothSizes, call, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, still, turn, visit } from './browser'
import { aPurchase, titled } from './records'
import { screens } from './screens'
import { expectTranslated, fromServer, inPseudo } from './words'

// MAINSTAY_SCREENS=1 keeps what the screens look like in docs/screens, which the README shows: the desk in light, the phone in dark.
const gallery = process.env.MAINSTAY_SCREENS ? resolve(import.meta.dirname, '../../docs/screens') : ''
const ids: Record<string, string> = {}

type Page<T> = { items: T[] }

beforeAll(async () => {
  await using v = await visit({ as: 'admin' })
  const [order] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/work-orders?status=in_progress&limit=1')).items
  const [schedule] = (await call<Page<{ id: string; asset_id?: string }>>(v.context, 'get', '/v1/maintenance-schedules?status=active&limit=1')).items
  const [meter] = (await call<Page<{ id: string; asset_id: string }>>(v.context, 'get', '/v1/assets?criticality=A&limit=1')).items
  const [approval] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/approvals?scope=all&status=open&limit=1')).items
  Object.assign(ids, { approval: approval?.id, 'work-order': order?.id, schedule: schedule?.id, asset: schedule?.asset_id ?? meter?.id })
  const [policy] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/approval-policies?limit=1')).items
  ids['approval-policy'] = policy?.id ?? ''
  const [category] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/asset-categories?limit=1')).items
  const template = await call<{ id: string }>(v.context, 'post', '/v1/asset-templates', { code: titled('PUMP').replace(' ', '-').toUpperCase(), name: 'Pump, 45 mm shaft', category_id: category?.id })
  const [user] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/users?q=technician&limit=1')).items
  Object.assign(ids, { 'asset-template': template.id, user: user?.id })
  const { order: purchase, item, supplier } = await aPurchase(v.context)
  const wanted = await call<{ id: string }>(v.context, 'post', '/v1/requisitions', { lines: [{ item_id: item.id, quantity: '2' }, { description: 'Crane for a day', quantity: '1' }] })
  ids.requisition = wanted.id
  Object.assign(ids, { 'purchase-order': purchase.id, item: item.id, 'item-code': item.code, supplier: supplier.id })
  // Without a backup a drill proves nothing and is over at once; the picture shows one that does.
  if (gallery) await over(v.context, 'backups', { kind: 'dump' })
  ids['restore-drill'] = await over(v.context, 'restore-drills', {})
  ids['retention-run'] = await over(v.context, 'retention-runs', { dry_run: true })
  if (gallery) mkdirSync(gallery, { recursive: true })
}, 240_000)

/** Begins a job and waits until it is over. */
async function over(context: BrowserContext, jobs: string, body: object): Promise<string> {
  const { id } = await call<{ id: string }>(context, 'post', `/v1/${jobs}`, body)
  const status = async () => (await call<{ status: string }>(context, 'get', `/v1/${jobs}/${id}`)).status
  await vi.waitUntil(async () => !/queued|running/.test(await status()), { timeout: 180_000, interval: 250 })
  return id
}

// Seen in the pseudo language, whose words are longer than those of any other: what holds there holds in all of them.
// What a screen shows between the phone and the full desk: no width has a sideways scroll. 320 px is 1280 at 400 % (WCAG 1.4.10).
const widths = { desk: [1200, 1024, 768, 480], phone: [320] }

describe.each(screens)('$name', ({ name, path, as, elsewhere, shows = path }) => {
  it.concurrent.each(bothSizes)('at %s size in light and dark', async (size) => {
    await using v = await visit({ as, size, elsewhere })
    const said = fromServer(v.page)
    const addressOf = (pattern: string) => pattern.replace(/\{(.*?)\}/g, (_, record: string) => ids[record] ?? '')
    if (gallery) {
      const scheme = size === 'desk' ? 'light' : 'dark'
      await go(v.page, addressOf(size === 'desk' ? shows : path))
      await turn(v.page, scheme)
      // Where the focus went when the page opened is no part of the picture.
      await v.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
      await still(v.page)
      await v.page.screenshot({ path: resolve(gallery, `${name}-${size}-${scheme}.png`) })
      return
    }
    await go(v.page, inPseudo(addressOf(path)))
    await expectTranslated(v.page, said)
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)
    expect(await v.page.title()).toMatch(/\S+ · Mainstay$/)
    expect(await v.page.locator('h1:visible').count()).toBe(1)
    const current = await v.page.locator('nav:visible').evaluateAll((all) => all.map((nav) => new Set([...nav.querySelectorAll<HTMLAnchorElement>('[aria-current="page"]')].map((link) => link.href)).size))
    expect(Math.max(0, ...current)).toBeLessThanOrEqual(1)
    for (const width of widths[size]) {
      await v.page.setViewportSize({ width, height: 800 })
      await still(v.page)
      await expectNoSidewaysScroll(v.page)
    }
    expectQuiet(v)
  })
})
