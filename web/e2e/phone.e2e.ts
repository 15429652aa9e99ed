import { describe, expect, it } from 'vitest'
import { bothSizes, call, expectAccessible, expectAccessibleInBoth, expectQuiet, go, scan, visit } from './browser'
import { anAsset, type Asset, type Page } from './records'

describe('scanning', () => {
  it('takes a typed code, and says so where nothing carries it', async () => {
    await using v = await visit({ as: 'technician', size: 'phone' })
    const asset = await anAsset(v.context)
    await go(v.page, '/scan')
    await v.page.getByLabel('Code, barcode or serial number').fill('NO-SUCH-CODE')
    await v.page.getByRole('button', { name: 'Find' }).click()
    await v.page.getByText('Nothing carries the code NO-SUCH-CODE').waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Type a code' }).first().click()
    await v.page.getByLabel('Code, barcode or serial number').fill(asset.code)
    await v.page.getByRole('button', { name: 'Find' }).click()
    await v.page.getByRole('heading', { name: asset.code }).waitFor()
    await v.page.getByRole('link', { name: /Report a problem/ }).waitFor()
    await expectAccessible(v.page)
    expectQuiet(v)
  })

  it('takes what a hand scanner types, from the label of ours too', async () => {
    await using v = await visit({ as: 'technician', size: 'desk' })
    const asset = await anAsset(v.context)
    await go(v.page, '/scan')
    await v.page.getByLabel('Code, barcode or serial number').blur()
    await scan(v.page, `https://plant.example/a/${asset.code}`)
    await v.page.getByRole('heading', { name: asset.code }).waitFor()
    expectQuiet(v)
  })

  it.each(bothSizes)('opens what a label leads to at %s size, in light and dark: the job, a reading, a report', async (size) => {
    await using v = await visit({ as: 'technician', size })
    const asset = await anAsset(v.context)
    await go(v.page, `/a/${asset.code}`)
    await v.page.getByRole('heading', { name: asset.code }).waitFor()
    await expectAccessibleInBoth(v.page)
    expectQuiet(v)
  })

  it('enters a reading right there, and asks back where it cannot be right', async () => {
    await using v = await visit({ as: 'technician', size: 'phone' })
    const meters = async (asset: Asset) => (await call<Page<{ id: string; kind: string; last_value?: string }>>(v.context, 'get', `/v1/assets/${asset.id}/meters`)).items
    let asset: Asset | undefined
    for (const one of (await call<Page<Asset>>(v.context, 'get', '/v1/assets?limit=60')).items) {
      if ((await meters(one)).some(({ kind, last_value }) => kind === 'continuous' && last_value)) {
        asset = one
        break
      }
    }
    if (!asset) throw new Error('no asset has a meter')
    const [meter] = await meters(asset)
    const last = Number(meter?.last_value)
    await go(v.page, `/a/${asset.code}`)
    await v.page.getByRole('button', { name: /Enter reading/ }).click()
    const field = v.page.getByRole('dialog').locator('input[inputmode="decimal"]')
    await field.fill(String(Math.max(0, last - 10)))
    await v.page.getByRole('button', { name: 'Enter reading' }).last().click()
    await v.page.getByText(/stands lower than last time/).waitFor()
    await expectAccessible(v.page)
    await field.fill(String(last + 1))
    await v.page.getByRole('dialog').getByRole('button', { name: 'Enter reading' }).click()
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(Number((await meters(asset))[0]?.last_value)).toBe(last + 1)
    expectQuiet(v)
  })
})

describe('labels', () => {
  it('are chosen in the list and printed as they are seen', async () => {
    await using v = await visit({ as: 'asset_manager' })
    const assets = (await call<Page<Asset>>(v.context, 'get', '/v1/assets?limit=2&sort=code')).items
    await go(v.page, '/assets?saved=all')
    for (const { code } of assets) {
      await v.page.getByRole('row', { name: new RegExp(code) }).first().hover()
      await v.page.getByRole('checkbox', { name: new RegExp(`Select ${code} `) }).check()
    }
    await v.page.getByRole('link', { name: 'Print 2 labels' }).click()
    await v.page.getByRole('heading', { name: 'Labels' }).waitFor()
    for (const { code } of assets) await v.page.getByRole('img', { name: `QR code of ${code}` }).first().waitFor()
    await expectAccessible(v.page)
    await v.page.getByText('8 on A4').click()
    await v.page.waitForURL(/size=large/)
    await v.page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', 'yes')
    })
    await v.page.getByRole('button', { name: 'Print 2 labels' }).click()
    await v.page.locator('body[data-printed]').waitFor()
    await v.page.emulateMedia({ media: 'print' })
    expect(await v.page.getByRole('heading', { name: 'Labels' }).isVisible()).toBe(false)
    expectQuiet(v)
  })
})
