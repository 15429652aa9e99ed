import { describe, expect, it } from 'vitest'
import { call, choose, expectAccessible, expectQuiet, go, type Size, visit } from './browser'
import { anAsset, type Asset, type Page, titled } from './records'

describe.each<Size>(['desk', 'phone'])('assets at %s size', (size) => {
  it('are made, changed and taken out of use', async () => {
    await using v = await visit({ as: 'asset_manager', size })
    const code = titled('PU').replace(' ', '-').toUpperCase()
    await go(v.page, '/assets/new')
    await v.page.getByLabel('Code', { exact: true }).fill(code)
    await v.page.getByLabel('Name', { exact: true }).fill('Sump pump')
    await choose(v.page, 'Category', 'Conv', /Conv/i)
    await choose(v.page, 'Place', 'KAL', /KAL/)
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Create asset' }).click()
    await v.page.getByRole('heading', { name: `${code} Sump pump` }).waitFor()
    const [made] = (await call<Page<Asset>>(v.context, 'get', `/v1/assets?q=${code}`)).items
    await go(v.page, `/assets/${made?.id}/edit`)
    await v.page.getByLabel('Name', { exact: true }).fill('Sump pump 2')
    await v.page.getByRole('button', { name: 'Save' }).first().click()
    await v.page.getByRole('heading', { name: `${code} Sump pump 2` }).waitFor()
    await v.page.getByRole('button', { name: 'More commands' }).first().click()
    await v.page.getByRole('menuitem', { name: 'Take out of use' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: 'Take out of use' }).click()
    await v.page.getByText(/out of use/i).first().waitFor()
    await expect.poll(async () => (await call<Page<Asset>>(v.context, 'get', `/v1/assets?q=${code}`)).items).toEqual([])
    expectQuiet(v)
  })

  it('show every tab soundly', async () => {
    await using v = await visit({ as: 'asset_manager', size })
    const asset = await anAsset(v.context, 'criticality=A&limit=1')
    for (const tab of ['overview', 'work', 'schedules', 'meters', 'spare-parts', 'costs', 'downtime', 'documents', 'audit']) {
      await go(v.page, `/assets/${asset.id}?tab=${tab}`)
      await expectAccessible(v.page)
    }
    expectQuiet(v)
  })
})

it('takes a document, shows it, and lets it be removed', async () => {
  await using v = await visit({ as: 'asset_manager' })
  const asset = await anAsset(v.context)
  const name = `${titled('manual').replace(' ', '-')}.pdf`
  await go(v.page, `/assets/${asset.id}?tab=documents`)
  await v.page.locator('input[type="file"]').first().setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') })
  await v.page.getByRole('link', { name: new RegExp(name) }).waitFor()
  await v.page.getByRole('button', { name: `Remove ${name}` }).click()
  await v.page.getByRole('dialog').getByRole('button', { name: 'Remove file' }).click()
  await v.page.getByRole('link', { name: new RegExp(name) }).waitFor({ state: 'detached' })
  expectQuiet(v)
})

it('records that an asset stands, and that it runs again', async () => {
  await using v = await visit({ as: 'asset_manager' })
  const asset = await anAsset(v.context, 'operating_state=up&limit=1')
  await go(v.page, `/assets/${asset.id}?tab=downtime`)
  await v.page.getByRole('button', { name: /^Record (a|another) stop/ }).first().click()
  await v.page.getByLabel('Reason').fill('Belt torn')
  await expectAccessible(v.page)
  await v.page.getByRole('dialog').getByRole('button', { name: /^Record (a|another) stop/ }).click()
  await v.page.getByText('Belt torn').first().waitFor()
  await v.page.getByRole('button', { name: 'Runs again' }).first().click()
  await v.page.getByRole('dialog').getByRole('button', { name: 'Runs again' }).click()
  await v.page.getByRole('dialog').waitFor({ state: 'detached' })
  expectQuiet(v)
})

it('opens the plant as a tree beside the list, by the keyboard alone', async () => {
  await using v = await visit({ as: 'asset_manager' })
  await go(v.page, '/assets')
  const tree = v.page.getByRole('tree').first()
  await tree.getByRole('treeitem').first().waitFor()
  const before = await tree.getByRole('treeitem').count()
  await tree.focus()
  await v.page.keyboard.press('ArrowDown')
  await v.page.keyboard.press('ArrowRight')
  await expect.poll(() => tree.getByRole('treeitem').count()).toBeGreaterThan(before)
  await expectAccessible(v.page)
  expectQuiet(v)
})

it('keeps columns and filters in the address', async () => {
  await using v = await visit({ as: 'asset_manager' })
  await go(v.page, '/assets?saved=all')
  await v.page.getByRole('button', { name: 'Choose columns' }).click()
  await v.page.getByRole('group', { name: 'Choose columns' }).getByLabel('Criticality').click()
  await v.page.waitForURL(/cols=/)
  await v.page.keyboard.press('Escape')
  const address = v.page.url()
  await using other = await visit({ as: 'asset_manager' })
  await go(other.page, address)
  expect(await other.page.getByRole('columnheader').allInnerTexts()).toEqual(await v.page.getByRole('columnheader').allInnerTexts())
})
