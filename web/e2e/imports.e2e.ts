import { expect, it } from 'vitest'
import { call, expectAccessible, expectQuiet, go, type Size, visit } from './browser'
import { anAsset, type Asset, type Page, titled } from './records'

it.each<Size>(['desk', 'phone'])('checks a file, shows which rows are refused, and writes the others, at %s size', async (size) => {
  await using v = await visit({ as: 'asset_manager', size })
  const asset = await call<Asset & { category?: { code: string }; location: { code: string } }>(v.context, 'get', `/v1/assets/${(await anAsset(v.context)).id}`)
  const mark = titled('imp').replace(' ', '-').toUpperCase()
  const csv = ['Code,Name,Category,Location', `${mark}-1,First pump,${asset.category?.code},${asset.location.code}`, `${mark}-2,Second pump,${asset.category?.code},NO-SUCH-PLACE`, `${mark}-3,Third pump,${asset.category?.code},${asset.location.code}`].join('\n')
  await go(v.page, '/imports/new?kind=assets')
  await v.page.locator('input[type="file"]').setInputFiles({ name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await v.page.getByLabel('Location is').waitFor()
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Check the file' }).click()
  await v.page.waitForURL(/imports\/[0-9a-f-]{36}/)
  await v.page.getByRole('button', { name: 'Write 2 rows' }).waitFor()
  expect((await call<Page<Asset>>(v.context, 'get', `/v1/assets?q=${mark}`)).items).toEqual([])
  const href = await v.page.getByRole('link', { name: 'Download refused rows' }).getAttribute('href')
  const refused = await (await v.context.request.get(href ?? '')).text()
  // The second row after the head is the third of the file.
  expect(refused.trim().split('\n')).toEqual(['row,column,code,detail', expect.stringMatching(/^3,Location,/)])
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Write 2 rows' }).click()
  await v.page.getByText(/Rows that are now as the file says: 2/).waitFor()
  expect((await call<Page<Asset>>(v.context, 'get', `/v1/assets?q=${mark}&sort=code`)).items.map(({ code }) => code)).toEqual([`${mark}-1`, `${mark}-3`])
  expectQuiet(v)
})

it('is stopped from its screen while it still works, and writes nothing then', async () => {
  await using v = await visit({ as: 'asset_manager' })
  const asset = await call<Asset & { category?: { code: string }; location: { code: string } }>(v.context, 'get', `/v1/assets/${(await anAsset(v.context)).id}`)
  const mark = titled('stop').replace(' ', '-').toUpperCase()
  const csv = ['Code,Name,Category,Location', ...Array.from({ length: 60_000 }, (_, at) => `${mark}-${at},Pump ${at},${asset.category?.code},${asset.location.code}`)].join('\n')
  await go(v.page, '/imports/new?kind=assets')
  await v.page.locator('input[type="file"]').setInputFiles({ name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await v.page.getByRole('button', { name: 'Check the file' }).click()
  await v.page.waitForURL(/imports\/[0-9a-f-]{36}/)
  await v.page.getByText('You can close this page').waitFor()
  await v.page.getByRole('progressbar', { name: 'Rows done' }).waitFor({ state: 'attached' })
  await v.page.getByRole('button', { name: 'Stop', exact: true }).click()
  await v.page.getByText('Somebody stopped it. What was written stays, rows: 0.').waitFor()
  expect((await call<Page<Asset>>(v.context, 'get', `/v1/assets?q=${mark}`)).items).toEqual([])
  expectQuiet(v)
})
