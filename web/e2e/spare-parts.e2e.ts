import { describe, expect, it } from 'vitest'
import { bothSizes, call, choose, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit, type Visit } from './browser'
import { anOrder, titled } from './records'

interface Coded {
  id: string
  code: string
}

/** A pump made from a template into whose assets a seal belongs, a belt that no list has yet, and a storeroom. */
async function aPump({ context }: Visit) {
  const mark = titled('SP').replace(' ', '-').toUpperCase()
  const [site] = (await call<{ items: Coded[] }>(context, 'get', '/v1/locations?parent_id=root&limit=1')).items
  const [category] = (await call<{ items: Coded[] }>(context, 'get', '/v1/asset-categories?limit=1')).items
  const template = await call<Coded>(context, 'post', '/v1/asset-templates', { code: `T-${mark}`, name: `Pump ${mark}`, category_id: category?.id })
  const asset = await call<Coded>(context, 'post', '/v1/assets', { code: mark, name: `Feed pump ${mark}`, category_id: category?.id, location_id: site?.id, template_id: template.id })
  const seal = await call<Coded>(context, 'post', '/v1/items', { code: `SEAL-${mark}`, name: 'Mechanical seal', unit: 'pc' })
  const belt = await call<Coded>(context, 'post', '/v1/items', { code: `BELT-${mark}`, name: 'Drive belt', unit: 'pc', purchase_unit: 'pair', purchase_factor: '2' })
  const store = await call<Coded>(context, 'post', '/v1/locations', { code: `ST-${mark}`, name: `Storeroom ${mark}`, kind: 'storeroom', parent_id: site?.id })
  await call(context, 'put', `/v1/asset-templates/${template.id}/spare-parts`, { items: [{ item_id: seal.id, quantity: '1' }] }, { 'If-Match': '"0"' })
  return { asset, template, seal, belt, store }
}

const listOf = async ({ context }: Visit, of: string) =>
  (await call<{ items: { item_id: string; quantity: string; source: string; note?: string }[] }>(context, 'get', `/v1/${of}/spare-parts`)).items.map(({ item_id, quantity, source, note }) => ({ item_id, quantity, source, note }))

describe.each(bothSizes)('at %s size', (size) => {
  it('what belongs into an asset is written down, changed and removed, and its item says where it is used', async () => {
    await using admin = await visit({ as: 'admin' })
    const { asset, template, seal, belt } = await aPump(admin)
    await using v = await visit({ as: 'asset_manager', size })
    const row = (text: string) => v.page.getByRole('listitem').filter({ hasText: text })
    const dialog = v.page.getByRole('dialog')
    await go(v.page, `/assets/${asset.id}?tab=spare-parts`)
    await row(seal.code).filter({ hasText: 'From the template' }).filter({ hasText: 'Too few free' }).waitFor()
    await v.page.getByRole('button', { name: 'Add spare part' }).click()
    await dialog.getByRole('button', { name: 'Add spare part' }).click()
    await dialog.getByText('An item is needed.').waitFor()
    await choose(v.page, 'Item', belt.code, new RegExp(belt.code))
    await dialog.getByLabel('How many belong into it').fill('1')
    await dialog.getByRole('radio', { name: 'pair' }).check()
    await dialog.getByLabel(/Where it sits/).fill('Motor side')
    await expectAccessibleInBoth(v.page)
    await dialog.getByRole('button', { name: 'Add spare part' }).click()
    await row(belt.code).filter({ hasText: 'Motor side' }).filter({ hasText: '2 pc (1 pair)' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)

    // Two seals in this pump alone: what the template says of others stays.
    await v.page.getByRole('button', { name: `Change ${seal.code}` }).click()
    await dialog.getByLabel('How many belong into it').fill('2')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await row(seal.code).filter({ hasText: 'From the template' }).waitFor({ state: 'detached' })
    expect(await listOf(v, `assets/${asset.id}`)).toEqual([
      { item_id: belt.id, quantity: '2', source: 'asset', note: 'Motor side' },
      { item_id: seal.id, quantity: '2', source: 'asset', note: undefined },
    ])
    expect(await listOf(v, `asset-templates/${template.id}`)).toMatchObject([{ item_id: seal.id, quantity: '1' }])
    await v.page.getByRole('button', { name: `Remove ${seal.code}` }).click()
    await dialog.getByRole('button', { name: 'Remove from the list' }).click()
    await row(seal.code).filter({ hasText: 'From the template' }).waitFor()

    await v.page.getByRole('link', { name: new RegExp(seal.code) }).click()
    await v.page.waitForURL((url) => url.pathname === `/items/${seal.id}`)
    await row(template.code).filter({ hasText: 'Template, 1 asset' }).waitFor()
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)
    await v.page.getByRole('link', { name: new RegExp(template.code) }).click()
    await v.page.waitForURL((url) => url.pathname === '/assets' && url.searchParams.get('template_id') === template.id)
    await v.page.getByText(`Feed pump ${asset.code}`).first().waitFor()
    expectQuiet(v)
  })

  it('a work order suggests the spare parts of its asset, until they are asked for', async () => {
    await using admin = await visit({ as: 'admin' })
    const { asset, seal, belt, store } = await aPump(admin)
    await call(admin.context, 'put', `/v1/assets/${asset.id}/spare-parts`, { items: [{ item_id: belt.id, quantity: '3', note: 'Motor side' }] }, { 'If-Match': '"0"' })
    const work = await anOrder(admin.context, { asset_id: asset.id })
    await using v = await visit({ as: 'planner', size })
    let broken = true
    await v.page.route(/\/v1\/assets\/[^/]+\/spare-parts$/, (route) => (broken ? route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ status: 500, title: 'Internal error', code: 'internal' }) }) : route.fallback()))
    await go(v.page, `/work-orders/${work.id}?part=parts`)
    await v.page.getByRole('heading', { name: `Spare parts of ${asset.code}` }).waitFor()
    await v.page.getByText('This could not be loaded').waitFor()
    broken = false
    await v.page.getByRole('button', { name: 'Try again' }).click()
    await v.page.getByRole('button', { name: `Reserve ${seal.code}` }).waitFor()
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)
    await v.page.getByRole('button', { name: `Reserve ${belt.code}` }).click()
    expect(await v.page.getByRole('dialog').getByLabel('Quantity').inputValue()).toBe('3')
    await choose(v.page, 'From', store.code, new RegExp(store.code))
    await v.page.getByRole('dialog').getByRole('button', { name: 'Reserve parts' }).click()
    await v.page.getByRole('button', { name: `Release ${belt.code}` }).waitFor()
    await v.page.getByRole('button', { name: `Reserve ${belt.code}` }).waitFor({ state: 'detached' })
    await v.page.getByRole('button', { name: `Reserve ${seal.code}` }).waitFor()
    expect((await call<{ items: { item_id: string; quantity: string }[] }>(v.context, 'get', `/v1/work-orders/${work.id}/reservations`)).items).toMatchObject([{ item_id: belt.id, quantity: '3' }])
    expectQuiet(v)
  })
})
