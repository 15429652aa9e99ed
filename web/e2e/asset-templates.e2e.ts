import { describe, expect, it } from 'vitest'
import { bothSizes, call, choose, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit } from './browser'
import { type Page, titled } from './records'

interface Template {
  id: string
  code: string
  version: number
  criticality: string
  fields: unknown
  archived_at?: string
}

describe.each(bothSizes)('at %s size', (size) => {
  it('a template is written with its custom fields, changed, and taken out of use', async () => {
    await using v = await visit({ as: 'asset_manager', size })
    const { page } = v
    const code = titled('TPL').replace(' ', '-').toUpperCase()
    const dialog = page.getByRole('dialog')
    const pick = async (field: string, option: string) => {
      await dialog.getByRole('combobox', { name: field }).or(dialog.getByRole('textbox', { name: field })).first().click()
      await page.getByRole('option', { name: option, exact: true }).click()
    }
    const [category] = (await call<Page<{ code: string }>>(v.context, 'get', '/v1/asset-categories?limit=1')).items
    if (!category) throw new Error('no category')
    await go(page, '/asset-templates')
    await page.getByRole('button', { name: 'New template' }).first().click()
    await dialog.getByLabel('Code').fill(code)
    await dialog.getByLabel('Name').fill('Slurry pump')
    await dialog.getByRole('button', { name: 'Create template' }).click()
    await dialog.getByText('A category is needed.').waitFor()
    await choose(page, 'Category', category.code, new RegExp(category.code))
    await dialog.getByRole('button', { name: 'Add custom field' }).click()
    const first = dialog.getByRole('group', { name: 'Custom field 1' })
    await first.getByLabel('Label').fill('Seal')
    await pick('Takes', 'One of a list')
    await first.getByLabel('Choices').fill('single\ndouble')
    await first.getByLabel('Every asset needs it').check()
    await expectAccessibleInBoth(page)
    await expectNoSidewaysScroll(page)
    await dialog.getByRole('button', { name: 'Create template' }).click()
    await page.waitForURL(/\/asset-templates\/[0-9a-f-]+$/)
    await page.getByText('single, double').waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const read = () => call<Template>(v.context, 'get', `/v1/asset-templates/${id}`)
    expect(await read()).toMatchObject({ code, fields: { type: 'object', required: ['seal'], properties: { seal: { title: 'Seal', enum: ['single', 'double'] } } } })

    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await pick('Criticality', 'B')
    await dialog.getByRole('button', { name: 'Add custom field' }).click()
    await dialog.getByRole('group', { name: 'Custom field 2' }).getByLabel('Label').fill('Weight')
    await dialog.getByRole('button', { name: 'Remove custom field 1' }).click()
    // Somebody is faster: what is there now stands beside what was typed, which is kept over it.
    await call(v.context, 'patch', `/v1/asset-templates/${id}`, { model: 'K 80' }, { 'If-Match': '"1"' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('row', { name: 'Model K 80' }).waitFor()
    await expectAccessibleInBoth(page)
    await dialog.getByRole('button', { name: 'Take theirs, keep mine' }).click()
    await page.getByText('single, double').waitFor({ state: 'detached' })
    expect(await read()).toMatchObject({ version: 3, model: 'K 80', criticality: 'B', fields: { type: 'object', properties: { weight: { title: 'Weight', type: 'string' } } } })
    await expectAccessibleInBoth(page)
    await expectNoSidewaysScroll(page)
    await page.getByRole('button', { name: 'More commands' }).click()
    await page.getByRole('menuitem', { name: 'Take out of use' }).click()
    await page.getByText('Out of use').first().waitFor()
    expect((await read()).archived_at).toBeTruthy()
    expectQuiet(v)
  })
})
