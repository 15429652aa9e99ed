import type { Locator, Page } from 'playwright-core'
import { expect, inject, it } from 'vitest'
import { expectQuiet, visit } from './browser'
import { anAsset, readOrder, titled } from './records'

/** Tab by Tab to an element, as somebody goes who has no mouse. */
async function tabTo(page: Page, element: Locator) {
  const wanted = element.first()
  await wanted.waitFor()
  for (let steps = 0; steps < 80; steps++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${element}`)
}

it('goes the main job by the keyboard alone: sign in, find, write an order, do it, close it', async () => {
  await using v = await visit({ as: null })
  const { page } = v
  const { keyboard } = page
  await page.goto('/')
  await tabTo(page, page.getByRole('textbox', { name: 'E-mail address', exact: true }))
  await keyboard.type('planner@example.com')
  await keyboard.press('Tab')
  await keyboard.type(inject('password'))
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Week \d+/ }).waitFor()

  // The first Tab of a page leads past its frame.
  await tabTo(page, page.getByRole('link', { name: 'Skip to content', exact: true }))
  await keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')

  const asset = await anAsset(v.context, 'criticality=A&limit=1')
  await keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Find or do' }).waitFor()
  await keyboard.type(asset.code)
  await page.locator('[data-action][data-selected]').filter({ hasText: asset.code }).filter({ hasText: asset.name }).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: `${asset.code} ${asset.name}` }).waitFor()
  await keyboard.press('2')
  await page.waitForURL(/tab=work/)

  await keyboard.press('c')
  const title = titled('Tighten the belt')
  await page.getByRole('heading', { name: 'New work order' }).waitFor()
  // It begins in its first field.
  const where = page.getByRole('textbox', { name: 'Asset or location' }).or(page.getByRole('combobox', { name: 'Asset or location' })).first()
  await expect.poll(() => where.evaluate((element) => element === document.activeElement)).toBe(true)
  await keyboard.type(asset.code)
  await page.getByRole('option', { name: new RegExp(asset.code) }).first().waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect.poll(() => where.inputValue()).toContain(asset.name)
  await tabTo(page, page.getByRole('textbox', { name: 'Title', exact: true }))
  await keyboard.type(title)
  await keyboard.press('Control+s')
  await page.waitForURL(/work-orders\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { name: title }).waitFor()
  const id = page.url().match(/[0-9a-f-]{36}/)?.[0] ?? ''

  // The main command, whatever it is next.
  const comment = page.getByRole('textbox', { name: 'Write a comment' })
  await comment.waitFor()
  await keyboard.press('m')
  await expect.poll(() => comment.evaluate((element) => element === document.activeElement)).toBe(true)
  await keyboard.type('The belt is worn')
  await keyboard.press('Control+Enter')
  await page.getByText('The belt is worn').last().waitFor()
  await tabTo(page, page.getByRole('button', { name: /^Start/ }))
  await keyboard.press('Enter')
  await expect.poll(async () => (await readOrder(v.context, id)).status).toBe('in_progress')
  // Locked ones show what comes next: the key does the command that is open.
  await page.getByRole('button', { name: /^Complete/, disabled: false }).first().waitFor()
  await keyboard.press('e')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, page.getByRole('textbox', { name: /^What was done/ }))
  await keyboard.type('Belt sits tight')
  await tabTo(page, page.getByRole('button', { name: 'Complete', exact: true }))
  await keyboard.press('Enter')
  await expect.poll(async () => (await readOrder(v.context, id)).status).toBe('completed')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: /^Close/, disabled: false }).first().waitFor()
  await keyboard.press('e')
  await expect.poll(async () => (await readOrder(v.context, id)).status).toBe('closed')
  expect(await readOrder(v.context, id)).toMatchObject({ title, status: 'closed' })
  expectQuiet(v)
})
