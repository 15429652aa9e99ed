import { describe, expect, it } from 'vitest'
import { call, choose, expectAccessible, expectNoSidewaysScroll, expectQuiet, go, scan, type Size, visit, type Visit } from './browser'
import { anOrder, aPurchase, type Purchase } from './records'

const stockOf = async (v: Visit, id: string) => call<{ on_hand: string; reserved: string }>(v.context, 'get', `/v1/items/${id}/stock`)

/** A purchase of which some lies in the storeroom already. */
async function received(v: Visit, quantity: string): Promise<Purchase> {
  const purchase = await aPurchase(v.context)
  await call(v.context, 'post', `/v1/purchase-orders/${purchase.order.id}/receive`, { lines: [{ line_id: purchase.order.lines[0]?.id, quantity, location_id: purchase.store.id }] })
  return purchase
}

describe.each<Size>(['desk', 'phone'])('at %s size', (size) => {
  it('a part is issued to a work order by its label in three taps, and by a scanner in one', async () => {
    await using admin = await visit({ as: 'admin' })
    const { item, store } = await received(admin, '5')
    const work = await anOrder(admin.context)
    await using v = await visit({ as: 'storekeeper', size })
    await go(v.page, `/work-orders/${work.id}?part=parts`)
    await v.page.getByRole('button', { name: 'Issue a part' }).click()
    await v.page.getByLabel('Code or barcode').fill(item.code)
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Find', exact: true }).click()
    await v.page.getByText('5 pc there now, 4 pc after it').waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Issue', exact: true }).click()
    await v.page.getByRole('listitem').filter({ hasText: item.code }).filter({ hasText: 'Issue' }).waitFor()
    expect((await stockOf(v, item.id)).on_hand).toBe('4')

    // A scanner needs no tap to find it.
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    await scan(v.page, item.code)
    await v.page.getByText('4 pc there now, 3 pc after it').waitFor()
    await v.page.getByRole('button', { name: 'Issue', exact: true }).click()
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await stockOf(v, item.id)).on_hand).toBe('3')
    expect((await call<{ items: { quantity: string; location: { code: string } }[] }>(v.context, 'get', `/v1/stock-movements?work_order_id=${work.id}`)).items).toMatchObject([{ quantity: '1', location: { code: store.code } }, { quantity: '1' }])
    await expectNoSidewaysScroll(v.page)

    await scan(v.page, 'NO-SUCH-LABEL')
    await v.page.getByText('No item carries the code NO-SUCH-LABEL.').waitFor()
    expectQuiet(v)
  })

  it('what is held for a work order is issued, comes back, and what is bought for it is shown', async () => {
    await using admin = await visit({ as: 'admin' })
    const { item, store, supplier } = await received(admin, '6')
    const work = await anOrder(admin.context)
    await call(admin.context, 'post', `/v1/work-orders/${work.id}/reservations`, { item_id: item.id, location_id: store.id, quantity: '2' })
    const bought = await call<{ number: string }>(admin.context, 'post', '/v1/purchase-orders', { supplier_id: supplier.id, currency: 'EUR', lines: [{ description: 'Crane', quantity: '1', unit_price: '90', work_order_id: work.id }] })
    await using v = await visit({ as: 'storekeeper', size })
    await go(v.page, `/work-orders/${work.id}?part=parts`)
    await v.page.getByRole('link', { name: new RegExp(bought.number) }).waitFor()
    await v.page.getByRole('button', { name: `Issue ${item.code}` }).click()
    await v.page.getByRole('button', { name: 'Issue', exact: true }).click()
    await v.page.getByRole('button', { name: `Take back ${item.code}` }).click()
    await v.page.getByLabel('Quantity').fill('1')
    await v.page.getByRole('button', { name: 'Take back', exact: true }).click()
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(async () => (await stockOf(v, item.id)).on_hand).toBe('5')
    expectQuiet(v)
  })

  it('a delivery is received by scanning: the order, then what came', async () => {
    await using admin = await visit({ as: 'admin' })
    const { item, store, order } = await received(admin, '4')
    await using v = await visit({ as: 'storekeeper', size })
    await go(v.page, '/scan')
    await v.page.getByRole('textbox').blur()
    await scan(v.page, order.number)
    await v.page.getByRole('button', { name: 'Receive', exact: true }).click()
    await v.page.getByText('6 of 10 to come').waitFor()
    // It goes where the rest of it lies.
    await expect.poll(() => v.page.getByRole('textbox', { name: 'Put into' }).or(v.page.getByRole('combobox', { name: 'Put into' })).first().inputValue()).toContain(store.code)
    await scan(v.page, 'NO-SUCH-LABEL')
    await v.page.getByText('NO-SUCH-LABEL is not on this order.').waitFor()
    await scan(v.page, item.code)
    await expect.poll(() => v.page.getByLabel('Came').inputValue()).toBe('6')
    await v.page.getByRole('button', { name: 'Receive 1 line' }).click()
    await v.page.getByText(/10 received, 0 to come/).waitFor()
    expect((await stockOf(v, item.id)).on_hand).toBe('10')
    expectQuiet(v)
  })

  it('the label of an item leads to what can be done with it', async () => {
    await using admin = await visit({ as: 'admin' })
    const { item } = await received(admin, '3')
    const work = await anOrder(admin.context)
    await using v = await visit({ as: 'storekeeper', size })
    await go(v.page, `/scan?code=${item.code}`)
    await v.page.getByRole('heading', { name: item.code }).waitFor()
    await v.page.getByText('3 of 3 pc free').waitFor()
    await expectAccessible(v.page)
    await expectNoSidewaysScroll(v.page)
    await v.page.getByRole('button', { name: /^Issue/ }).click()
    await choose(v.page, 'Work order', work.number, new RegExp(work.number))
    await v.page.getByRole('button', { name: 'Issue', exact: true }).click()
    await v.page.getByText('2 of 2 pc free').waitFor()
    expectQuiet(v)
  })
})

it('an item shows the orders that it comes with, and the palette finds items, suppliers and orders', async () => {
  await using v = await visit({ as: 'buyer' })
  await using admin = await visit({ as: 'admin' })
  const { item, order } = await aPurchase(admin.context)
  await go(v.page, `/items/${item.id}`)
  await v.page.getByRole('link', { name: new RegExp(order.number) }).click()
  await v.page.getByText('10 of 10 to come').or(v.page.getByText(/0 received, 10 to come/)).first().waitFor()
  for (const [typed, kind, path] of [[item.code, 'Item', '/items/'], [order.number, 'Purchase order', '/purchase-orders/'], [item.code.replace('SEAL', 'SUP'), 'Supplier', '/suppliers/']] as const) {
    await go(v.page, '/')
    await v.page.keyboard.press('Control+k')
    await v.page.getByRole('textbox', { name: 'Find or do' }).fill(typed)
    await v.page.locator('[data-action]').filter({ hasText: typed }).filter({ hasText: kind }).first().click()
    await v.page.waitForURL((url) => url.pathname.startsWith(path))
  }
  expectQuiet(v)
})

it('an approval of a purchase order and the order lead to each other', async () => {
  await using admin = await visit({ as: 'admin' })
  const { supplier } = await aPurchase(admin.context)
  await using buyer = await visit({ as: 'buyer' })
  const draft = await call<{ id: string; number: string }>(buyer.context, 'post', '/v1/purchase-orders', { supplier_id: supplier.id, currency: 'EUR', lines: [{ description: 'New crusher jaw', quantity: '1', unit_price: '9000' }] })
  const order = await call<{ status: string; approval_case_id: string }>(buyer.context, 'post', `/v1/purchase-orders/${draft.id}/submit`, {})
  expect(order.status).toBe('pending_approval')
  await go(buyer.page, `/purchase-orders/${draft.id}`)
  await buyer.page.getByText('Waiting for approval by Amir Approver.').waitFor()
  await buyer.page.getByRole('link', { name: 'See the approval' }).click()
  await buyer.page.waitForURL(`**/approvals/${order.approval_case_id}`)
  await using v = await visit({ as: 'approver' })
  await go(v.page, `/approvals/${order.approval_case_id}`)
  await v.page.getByRole('link', { name: 'See the purchase order' }).click()
  await v.page.getByRole('heading', { name: new RegExp(draft.number) }).waitFor()
  expectQuiet(v)
})
