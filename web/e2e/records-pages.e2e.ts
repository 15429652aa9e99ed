import { expect, it } from 'vitest'
import { call, expectAccessible, expectQuiet, go, type Size, visit } from './browser'
import { anOrder, aPerson, type Page } from './records'

it.each<Size>(['desk', 'phone'])('the audit log finds what one person changed, with before and after, at %s size', async (size) => {
  await using planner = await visit()
  const order = await anOrder(planner.context)
  await call(planner.context, 'patch', `/v1/work-orders/${order.id}`, { title: `${order.title}, both sides` }, { 'If-Match': `"${order.version}"` })
  await using v = await visit({ as: 'auditor', size })
  const paul = await aPerson(v.context, 'Paul')
  await go(v.page, `/audit?actor_id=${paul.id}&subject_id=${order.id}`)
  await v.page.getByRole('row').nth(1).waitFor()
  await v.page.getByRole('button', { name: 'Verify' }).click()
  await v.page.getByText(/^The log is intact: /).waitFor()
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Close', exact: true }).click()
  await v.page.getByRole('row').filter({ hasText: 'Paul Planner' }).first().click()
  await v.page.getByText(`${order.title}, both sides`).first().waitFor()
  await v.page.getByText(/^(Sealed in checkpoint|Not sealed yet)/).waitFor()
  await expectAccessible(v.page)
  expectQuiet(v)
})

it('messages are read one by one and all at once', async () => {
  await using planner = await visit()
  await using v = await visit({ as: 'technician' })
  const tara = await aPerson(planner.context, 'Tara')
  const order = await anOrder(planner.context)
  await call(planner.context, 'post', `/v1/work-orders/${order.id}/assign`, { assignee_ids: [tara.id] })
  await expect.poll(async () => (await call<Page<{ title: string; subject_id: string }>>(v.context, 'get', '/v1/notifications?unread=true&limit=50')).items.some(({ subject_id }) => subject_id === order.id), { timeout: 20_000 }).toBe(true)
  await go(v.page, '/inbox')
  await v.page.locator(`a[href="/work-orders/${order.id}"]`).first().click()
  await v.page.getByRole('heading', { name: order.title }).waitFor()
  await expect.poll(async () => (await call<Page<{ subject_id: string }>>(v.context, 'get', '/v1/notifications?unread=true&limit=50')).items.some(({ subject_id }) => subject_id === order.id)).toBe(false)
  await go(v.page, '/inbox')
  const second = await anOrder(planner.context)
  await call(planner.context, 'post', `/v1/work-orders/${second.id}/assign`, { assignee_ids: [tara.id] })
  // What comes in is there without loading anything anew.
  await v.page.locator(`a[href="/work-orders/${second.id}"]`).first().waitFor({ timeout: 20_000 })
  await v.page.getByRole('button', { name: 'Mark all as read' }).click()
  // Other tests send her more meanwhile.
  await expect.poll(async () => (await call<Page<{ subject_id: string }>>(v.context, 'get', '/v1/notifications?unread=true&limit=200')).items.some(({ subject_id }) => subject_id === second.id)).toBe(false)
  expectQuiet(v)
})

it('a list is exported and its file is fetched', async () => {
  await using v = await visit({ as: 'asset_manager' })
  await go(v.page, '/exports')
  await v.page.getByRole('button', { name: /New export/ }).first().click()
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Write the file' }).click()
  const link = v.page.getByRole('row').nth(1).getByRole('link', { name: 'Download' })
  await link.waitFor({ timeout: 30_000 })
  const file = await v.context.request.get((await link.getAttribute('href')) ?? '')
  expect(file.status()).toBe(200)
  expect((await file.body()).length).toBeGreaterThan(100)
  expectQuiet(v)
})
