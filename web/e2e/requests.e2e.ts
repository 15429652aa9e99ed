import { describe, expect, it } from 'vitest'
import { call, choose, expectAccessible, expectQuiet, go, type Size, visit, type Visit } from './browser'
import { anAsset, type Page, titled } from './records'

interface Request {
  id: string
  number: string
  status: string
  title: string
  work_order?: { id: string }
}

async function reported(v: Visit, title: string, asset_id?: string): Promise<Request> {
  return call<Request>(v.context, 'post', '/v1/work-requests', { title, asset_id: asset_id ?? (await anAsset(v.context)).id })
}

const read = (v: Visit, id: string) => call<Request>(v.context, 'get', `/v1/work-requests/${id}`)

describe.each<Size>(['desk', 'phone'])('at %s size', (size) => {
  it('a problem is reported with the place where it is', async () => {
    await using v = await visit({ as: 'requester', size })
    const title = titled('Belt squeals')
    await go(v.page, '/requests/new')
    await choose(v.page, 'Where', 'CON', /CON/)
    await v.page.getByLabel('What is wrong').fill(title)
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Send report' }).click()
    await v.page.waitForURL(/requests\/[0-9a-f-]{36}/)
    await v.page.getByRole('heading', { name: title }).waitFor()
    const [made] = (await call<Page<Request>>(v.context, 'get', `/v1/work-requests?q=${encodeURIComponent(title)}`)).items
    expect(made?.status).toBe('new')
    expectQuiet(v)
  })

  it('a request becomes a work order, which both show', async () => {
    await using v = await visit({ size })
    const request = await reported(v, titled('Noise at the tail drum'))
    await go(v.page, `/requests/${request.id}`)
    if (size === 'phone') {
      const foot = await v.page.locator('[data-phone-commands]').boundingBox()
      expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBe(v.page.viewportSize()?.height)
    }
    await v.page.getByRole('button', { name: 'Accept' }).click()
    await v.page.getByRole('dialog').getByRole('radio', { name: 'High' }).check({ force: true })
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Create work order' }).click()
    await v.page.waitForURL(/work-orders\/[0-9a-f-]{36}/)
    const after = await read(v, request.id)
    expect(after).toMatchObject({ status: 'accepted' })
    expect(v.page.url()).toContain(after.work_order?.id)
    expectQuiet(v)
  })

  it('a request is turned down with a reason, and one that is known leads to the first', async () => {
    await using v = await visit({ size })
    const asset = await anAsset(v.context)
    const first = await reported(v, titled('Oil below the gearbox'), asset.id)
    const second = await reported(v, titled('Oil on the floor'), asset.id)
    const third = await reported(v, titled('Paint is off'), asset.id)
    await go(v.page, `/requests/${second.id}`)
    // What may be the same stands beside it.
    await v.page.getByRole('complementary', { name: `Open at ${asset.code}` }).waitFor()
    await v.page.getByRole('button', { name: 'Known already' }).click()
    await choose(v.page, 'Request that was there first', first.title, new RegExp(first.title))
    await v.page.getByRole('button', { name: 'Mark as known' }).click()
    await expect.poll(async () => (await read(v, second.id)).status).toBe('duplicate')
    await go(v.page, `/requests/${third.id}`)
    await v.page.getByRole('button', { name: 'Turn down' }).click()
    await v.page.getByLabel('Reason').fill('Only looks')
    await v.page.getByRole('dialog').getByRole('button', { name: 'Turn down' }).click()
    await v.page.getByText('Turned down: Only looks').waitFor()
    expectQuiet(v)
  })
})
