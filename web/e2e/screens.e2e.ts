import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, expectAccessible, expectNoSidewaysScroll, expectQuiet, go, shapes, visit } from './browser'
import { aPurchase } from './records'
import { screens } from './screens'

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
  const { order: purchase, item, supplier } = await aPurchase(v.context)
  Object.assign(ids, { 'purchase-order': purchase.id, item: item.id, supplier: supplier.id })
  if (gallery) mkdirSync(gallery, { recursive: true })
})

describe.each(screens)('$name', ({ name, path, as }) => {
  it.concurrent.each(shapes)('at %s size in %s', async (size, scheme) => {
    await using v = await visit({ as, size, scheme })
    await go(v.page, path.replace(/\{(.*?)\}/g, (_, record: string) => ids[record] ?? ''))
    if (gallery && (size === 'desk') === (scheme === 'light')) await v.page.screenshot({ path: resolve(gallery, `${name}-${size}-${scheme}.png`) })
    await expectAccessible(v.page)
    await expectNoSidewaysScroll(v.page)
    expect(await v.page.title()).toMatch(/\S+ · Mainstay$/)
    expect(await v.page.locator('h1:visible').count()).toBe(1)
    if (size === 'phone' && scheme === 'light') {
      await v.page.setViewportSize({ width: 320, height: 700 })
      await expectNoSidewaysScroll(v.page)
    }
    expectQuiet(v)
  })
})
