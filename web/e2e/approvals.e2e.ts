import { describe, expect, it } from 'vitest'
import { choose, expectAccessible, expectNoSidewaysScroll, expectQuiet, go, visit, writeDay } from './browser'
import { anOrder, dayFromNow, type Order, readOrder, titled } from './records'

/** A work order of the planner that is costly enough to need the demo company's approver. */
async function costlyOrder(): Promise<Order & { approval_id: string }> {
  await using planner = await visit({ as: 'planner' })
  const order = (await anOrder(planner.context, { title: titled('Reline the crusher'), estimated_cost: { amount: '7300.00', currency: 'EUR' } })) as Order & { approval_id: string }
  expect(order.status).toBe('waiting_approval')
  return order
}

describe('an approval', () => {
  it('is decided beside the list, and the work order follows', async () => {
    const order = await costlyOrder()
    await using v = await visit({ as: 'approver' })
    await go(v.page, `/work-orders/${order.id}`)
    await v.page.getByText('Waiting for approval by Amir Approver.').waitFor()
    await v.page.getByRole('link', { name: 'See the approval' }).click()
    await v.page.waitForURL(`**/approvals/${order.approval_id}`)
    await go(v.page, '/approvals')
    const row = v.page.getByRole('row', { name: new RegExp(order.title) })
    await row.click()
    await v.page.getByRole('heading', { name: order.title }).waitFor()
    await v.page.getByRole('button', { name: 'Approve €7,300.00' }).waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Reject' }).click()
    await v.page.getByText('A rejection needs a comment.').waitFor()
    expect((await readOrder(v.context, order.id)).status).toBe('waiting_approval')
    await v.page.getByRole('textbox', { name: 'Comment' }).fill('The stop is the right moment')
    await v.page.getByRole('button', { name: 'Approve €7,300.00' }).click()
    await v.page.getByText(/^Approved by Amir Approver/).waitFor()
    expect(await v.page.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
    await row.waitFor({ state: 'detached' })
    await expect.poll(async () => (await readOrder(v.context, order.id)).status).toBe('approved')
    await go(v.page, '/approvals?saved=decided')
    await v.page.getByRole('row', { name: new RegExp(order.title) }).waitFor()
    expectQuiet(v)
  })

  it('is rejected at the thumb of the phone, with a reason, and the work order is cancelled', async () => {
    const order = await costlyOrder()
    await using v = await visit({ as: 'approver', size: 'phone' })
    await go(v.page, `/approvals/${order.approval_id}`)
    const approve = await v.page.getByRole('button', { name: 'Approve €7,300.00' }).boundingBox()
    expect(approve?.height).toBeGreaterThanOrEqual(56)
    expect(approve?.y).toBeGreaterThan(844 - 120)
    await expectNoSidewaysScroll(v.page)
    await v.page.getByRole('button', { name: 'Reject' }).click()
    const sheet = v.page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Reject' }).click()
    await v.page.getByText('A rejection needs a comment').first().waitFor()
    await expectAccessible(v.page)
    await sheet.getByLabel('Why').fill('The old liner lasts another year')
    await sheet.getByRole('button', { name: 'Reject' }).click()
    await v.page.getByText('The old liner lasts another year').first().waitFor()
    await expect.poll(async () => (await readOrder(v.context, order.id)).status).toBe('cancelled')
    expectQuiet(v)
  })

  it('is handed to a colleague', async () => {
    const order = await costlyOrder()
    await using v = await visit({ as: 'approver' })
    await go(v.page, `/approvals/${order.approval_id}`)
    await v.page.getByRole('button', { name: 'Hand over' }).click()
    const sheet = v.page.getByRole('dialog')
    await sheet.getByLabel('To', { exact: true }).fill('Agnes')
    await v.page.getByRole('option', { name: 'Agnes Asset' }).click()
    await sheet.getByLabel('Reason').fill('Away')
    await sheet.getByRole('button', { name: 'Hand over' }).click()
    await v.page.getByText('in the place of Amir Approver').waitFor()
    expect(await v.page.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
    expectQuiet(v)
  })
})

it('approvals are handed to a colleague for a while, and taken back', async () => {
  await using v = await visit({ as: 'planner' })
  await go(v.page, '/me')
  await v.page.getByText('You are asked yourself.').waitFor()
  await v.page.getByRole('button', { name: 'Hand over approvals' }).click()
  const sheet = v.page.getByRole('dialog')
  await choose(v.page, 'To', 'Agnes', 'Agnes Asset')
  await writeDay(v.page, 'Last day', dayFromNow(3))
  await expectAccessible(v.page)
  await sheet.getByRole('button', { name: 'Hand over' }).click()
  const held = v.page.getByRole('listitem').filter({ hasText: 'Agnes Asset' })
  await held.waitFor()
  await expectAccessible(v.page)
  await held.getByRole('button', { name: 'End' }).click()
  await v.page.getByText('You are asked yourself.').waitFor()
  expectQuiet(v)
})
