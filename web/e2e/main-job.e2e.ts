import { expect, inject, it } from 'vitest'
import { call, choose, expectAccessible, expectQuiet, go, visit, writeDay } from './browser'
import { anAsset, dayFromNow, type Order, type Page, titled } from './records'

// A picture as a phone's camera gives it: the smallest PNG there is.
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

it('goes from the sign-in over a schedule and its work order to what it cost and who did it', async () => {
  await using v = await visit({ as: null })
  const { page } = v
  // Sign in.
  await page.goto('/')
  await page.getByLabel('E-mail address').fill('planner@example.com')
  await page.getByLabel('Password', { exact: true }).fill(inject('password'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: /^Week \d+/ }).waitFor()

  // Find an asset.
  const asset = await anAsset(v.context, 'criticality=A&limit=1')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Find or do' }).fill(asset.code)
  await page.locator('[data-action][data-selected]').filter({ hasText: asset.code }).filter({ hasText: asset.name }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `${asset.code} ${asset.name}` }).waitFor()

  // Plan a schedule, whose first date is tomorrow: whatever the day is at its site, its work order is due to be made.
  const title = titled('Check the guard')
  await page.getByRole('link', { name: /^Schedules/ }).last().click()
  await page.getByRole('link', { name: /^Plan (one|another)$/ }).click()
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('Every how many').fill('1')
  await writeDay(page, 'First date', dayFromNow(1))
  await page.getByLabel('Create the work order').fill('3')
  await page.getByLabel('Hours each time').fill('2')
  await expect.poll(() => page.getByRole('region', { name: 'Next 10 dates' }).locator('tbody tr').count()).toBe(10)
  await page.getByRole('button', { name: /Create the schedule/ }).click()
  await page.getByRole('heading', { name: title }).waitFor()

  // See its work order come, without loading anything anew.
  await page.getByText('Work order created').first().waitFor({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Work order', exact: true }).or(page.getByRole('link', { name: /WO-/ })).first().click()
  await page.waitForURL(/work-orders\/[0-9a-f-]{36}/)
  await page.getByRole('heading', { name: title }).waitFor()
  const id = page.url().match(/work-orders\/([0-9a-f-]{36})/)?.[1] ?? ''
  await page.getByRole('button', { name: /^Plan/ }).first().click()
  await writeDay(page, 'Day', dayFromNow(0))
  await choose(page, 'People', 'Tara', 'Tara Technician')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').getByRole('button', { name: 'Plan', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  // Do it at the phone: start, hours, photo, complete.
  await using phone = await visit({ as: 'technician', size: 'phone', scheme: 'dark' })
  await go(phone.page, '/')
  await phone.page.getByRole('link', { name: new RegExp(title) }).first().click()
  await phone.page.getByRole('heading', { name: title }).waitFor()
  await phone.page.getByRole('button', { name: 'Start' }).click()
  await phone.page.getByText('In progress').first().waitFor()
  await expectAccessible(phone.page)
  await phone.page.locator('[data-phone-commands]').getByRole('button', { name: 'Hours' }).click()
  await phone.page.getByRole('button', { name: '0.5' }).click()
  await phone.page.getByRole('button', { name: 'Record 0.5 h' }).click()
  await phone.page.getByRole('dialog').waitFor({ state: 'detached' })
  await phone.page.locator('input[type="file"][capture]').setInputFiles({ name: 'guard.png', mimeType: 'image/png', buffer: picture })
  await phone.page.getByText('1 file added').or(phone.page.getByText('1 picture added')).or(phone.page.getByRole('img', { name: 'guard.png' })).first().waitFor()
  await phone.page.getByRole('button', { name: 'Complete' }).click()
  await phone.page.getByLabel('What was done').fill('Guard sits tight')
  await phone.page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click()
  await phone.page.getByText('Done', { exact: true }).first().waitFor()
  expectQuiet(phone)

  // The planner's page has followed; it shows what it cost.
  await page.getByText('Done', { exact: true }).first().waitFor()
  expect(await call<Order>(v.context, 'get', `/v1/work-orders/${id}`)).toMatchObject({ status: 'completed' })
  await page.getByRole('tab', { name: /^Cost/ }).click()
  await page.getByText('€21.25').first().waitFor()
  await page.getByRole('button', { name: 'Close' }).first().click()
  await page.getByText('Closed', { exact: true }).first().waitFor()
  await go(page, `/assets/${asset.id}?tab=costs`)
  await page.getByText('Cost against a new one').waitFor()
  await expectAccessible(page)
  expectQuiet(v)

  // Who did what stands in the audit log.
  await using auditor = await visit({ as: 'auditor' })
  await go(auditor.page, `/audit?subject_id=${id}`)
  const events = (await call<Page<{ action: string }>>(auditor.context, 'get', `/v1/audit-events?subject_id=${id}&limit=50`)).items.map(({ action }) => action)
  for (const action of ['schedule', 'start', 'complete', 'close']) expect(events).toContain(`work_order.${action}`)
  await auditor.page.getByRole('row').filter({ hasText: 'Tara Technician' }).first().waitFor()
  expectQuiet(auditor)
})
