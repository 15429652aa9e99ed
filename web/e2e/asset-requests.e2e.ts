import { describe, expect, it } from 'vitest'
import { bothSizes, call, choose, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit, type Visit, writeDay } from './browser'
import { dayFromNow, titled } from './records'

interface Asset {
  id: string
  code: string
  custody: string
  lifecycle_state: string
  location: { id: string }
}

/** An asset and another place, of its own. */
async function anAssetToHandOver(v: Visit) {
  const mark = titled('HAND').replace(' ', '-').toUpperCase()
  const [site] = (await call<{ items: { id: string }[] }>(v.context, 'get', '/v1/locations?parent_id=root&limit=1')).items
  const [category] = (await call<{ items: { id: string }[] }>(v.context, 'get', '/v1/asset-categories?limit=1')).items
  const place = await call<{ id: string; code: string }>(v.context, 'post', '/v1/locations', { code: `L-${mark}`, name: `Hall ${mark}`, kind: 'area', parent_id: site?.id })
  const asset = await call<Asset>(v.context, 'post', '/v1/assets', { code: mark, name: `Compressor ${mark}`, category_id: category?.id, location_id: site?.id })
  return { asset, place }
}

const readAsset = (v: Visit, id: string) => call<Asset>(v.context, 'get', `/v1/assets/${id}`)

describe.each(bothSizes)('at %s size', (size) => {
  it('an asset is handed over to another place, and is found in the list of transfers', async () => {
    await using v = await visit({ as: 'asset_manager', size })
    const { asset, place } = await anAssetToHandOver(v)
    await go(v.page, `/assets/${asset.id}`)
    await v.page.getByRole('button', { name: 'More commands' }).first().click()
    await v.page.getByRole('menuitem', { name: 'Hand over' }).click()
    await v.page.getByRole('button', { name: 'Ask for the transfer' }).click()
    await v.page.getByRole('dialog').locator('[aria-invalid="true"]').first().waitFor()
    await choose(v.page, 'To', place.code, new RegExp(place.code))
    await v.page.getByLabel('Reason').fill('The hall needs air.')
    await expectAccessibleInBoth(v.page)
    await v.page.getByRole('button', { name: 'Ask for the transfer' }).click()
    await v.page.getByText('It was carried out.').waitFor()
    expect((await readAsset(v, asset.id)).location.id).toBe(place.id)
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)
    await go(v.page, `/asset-transfers?q=${asset.code}&status=completed`)
    await v.page.getByRole('row').filter({ hasText: asset.code }).or(v.page.getByText(`Compressor ${asset.code}`)).first().click()
    await v.page.waitForURL((url) => /^\/asset-transfers\/.+/.test(url.pathname))
    expectQuiet(v)
  })

  it('a disposal that waits for its day is taken back, and the asset is free again', async () => {
    await using v = await visit({ as: 'asset_manager', size })
    const { asset } = await anAssetToHandOver(v)
    await go(v.page, `/assets/${asset.id}`)
    await v.page.getByRole('button', { name: 'More commands' }).first().click()
    await v.page.getByRole('menuitem', { name: 'Dispose of it' }).click()
    await v.page.getByRole('radio', { name: 'Sold' }).check()
    await v.page.getByLabel(/It brings/).fill('120')
    await writeDay(v.page, 'Not before optional', dayFromNow(30), size)
    await v.page.getByLabel('Reason').fill('Worn out.')
    await expectAccessibleInBoth(v.page)
    await v.page.getByRole('button', { name: 'Ask for the disposal' }).click()
    await v.page.getByText(/It is carried out by itself, not before/).waitFor()
    expect((await readAsset(v, asset.id)).custody).toBe('reserved')
    await v.page.getByRole('button', { name: 'More commands' }).click()
    await v.page.getByRole('menuitem', { name: 'Take back' }).click()
    await v.page.getByLabel('Reason').fill('It runs again.')
    await v.page.getByRole('button', { name: 'Take back' }).click()
    await v.page.getByText('It was taken back: It runs again.').waitFor()
    expect(await readAsset(v, asset.id)).toMatchObject({ custody: 'available', lifecycle_state: asset.lifecycle_state })
    expectQuiet(v)
  })
})
