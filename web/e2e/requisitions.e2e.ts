import { describe, expect, it } from 'vitest'
import { bothSizes, call, choose, expectAccessible, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit, type Visit, writeDay } from './browser'
import { anOrder, aPurchase, dayFromNow, titled } from './records'

interface Requisition {
  id: string
  number: string
  note: string
  status: string
  needed_on?: string
  decide_reason?: string
  purchase_order_id?: string
  lines: { item_id?: string; description: string; quantity: string; work_order_id?: string }[]
}

const read = (v: Visit, id: string) => call<Requisition>(v.context, 'get', `/v1/requisitions/${id}`)
const idOf = (v: Visit) => new URL(v.page.url()).pathname.split('/').at(-1) ?? ''
const wanted = (v: Visit, lines: unknown[]) => call<Requisition>(v.context, 'post', '/v1/requisitions', { note: titled('Wanted'), lines })

describe.each(bothSizes)('at %s size in light and dark', (size) => {
  it('a technician asks for an item and for something in words, and a buyer makes a purchase order of it', async () => {
    await using admin = await visit({ as: 'admin' })
    const { item, supplier } = await aPurchase(admin.context)
    const work = await anOrder(admin.context)
    await using v = await visit({ as: 'technician', size })
    await go(v.page, `/requisitions/new?item_id=${item.id}`)
    const first = v.page.getByRole('group', { name: 'Line 1' })
    await first.getByLabel('Quantity').fill('3')
    await choose(v.page, 'For the work order', work.number, new RegExp(work.number))
    await v.page.getByRole('button', { name: 'Add line' }).click()
    const second = v.page.getByRole('group', { name: 'Line 2' })
    await v.page.getByRole('button', { name: 'Ask for it' }).click()
    await second.locator('[aria-invalid="true"]').first().waitFor()
    await second.getByLabel('Or in words').fill('Crane for a day')
    await second.getByLabel('Quantity').fill('1')
    await writeDay(v.page, 'Needed by optional', dayFromNow(9), size)
    await expectAccessibleInBoth(v.page)
    await expectNoSidewaysScroll(v.page)
    await v.page.getByRole('button', { name: 'Ask for it' }).click()
    await v.page.getByText('A buyer makes a purchase order of it, or rejects it.').waitFor()
    const id = idOf(v)
    expect(await read(v, id)).toMatchObject({ status: 'open', needed_on: dayFromNow(9), lines: [{ item_id: item.id, quantity: '3', work_order_id: work.id }, { description: 'Crane for a day', quantity: '1' }] })
    expect(await v.page.getByRole('button', { name: 'Make purchase order' }).count(), 'a technician does not order').toBe(0)
    await expectAccessibleInBoth(v.page)

    await using buyer = await visit({ as: 'buyer', size })
    await go(buyer.page, `/requisitions/${id}`)
    await buyer.page.getByRole('button', { name: 'Make purchase order' }).click()
    const sheet = buyer.page.getByRole('dialog')
    // The only line with a supplier names it.
    await expect.poll(() => sheet.getByRole('textbox', { name: 'Supplier' }).or(sheet.getByRole('combobox', { name: 'Supplier' })).first().inputValue()).toContain('Seals and Sons')
    await sheet.getByRole('group', { name: item.code }).getByLabel(/Price of one unit/).fill('12.50')
    await sheet.getByRole('group', { name: 'Crane for a day' }).getByLabel('Price of one unit').fill('900')
    await expectAccessibleInBoth(buyer.page)
    await buyer.page.getByRole('button', { name: 'Create draft' }).click()
    await buyer.page.getByText('Draft', { exact: true }).first().waitFor()
    const after = await read(buyer, id)
    expect(after).toMatchObject({ status: 'ordered', purchase_order_id: idOf(buyer) })
    expect(await call(buyer.context, 'get', `/v1/purchase-orders/${idOf(buyer)}`)).toMatchObject({ supplier_id: supplier.id, amount: { amount: '937.50' } })
    await go(v.page, `/requisitions/${id}`)
    await v.page.getByText('It is bought with a purchase order:').waitFor()
    expectQuiet(v)
    expectQuiet(buyer)
  })
})

it('a buyer rejects with a reason, and only who asked takes it back', async () => {
  await using v = await visit({ as: 'technician' })
  await using buyer = await visit({ as: 'buyer' })
  const rejected = await wanted(v, [{ description: 'Gold screws', quantity: '1' }])
  const taken = await wanted(v, [{ description: 'Ladder', quantity: '1' }])
  await go(buyer.page, `/requisitions/${rejected.id}`)
  await buyer.page.getByRole('button', { name: 'More commands' }).click()
  expect(await buyer.page.getByRole('menuitem', { name: 'Take back' }).count()).toBe(0)
  await buyer.page.getByRole('menuitem', { name: 'Reject' }).click()
  await buyer.page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
  await buyer.page.getByText('A reason is needed.').waitFor()
  await buyer.page.getByLabel('Reason').fill('Steel will do.')
  await buyer.page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
  await buyer.page.getByText('It was rejected: Steel will do.').waitFor()
  expect(await read(v, rejected.id)).toMatchObject({ status: 'rejected', decide_reason: 'Steel will do.' })

  await go(v.page, `/requisitions/${taken.id}`)
  await v.page.getByRole('button', { name: 'More commands' }).click()
  await v.page.getByRole('menuitem', { name: 'Take back' }).click()
  await v.page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await v.page.getByText('Who asked for it took it back.').waitFor()
  expect((await read(v, taken.id)).status).toBe('cancelled')
  expectQuiet(v)
})

it('the list shows the own ones and finds by the words of a line', async () => {
  await using v = await visit({ as: 'technician' })
  const words = titled('Rope')
  const one = await wanted(v, [{ description: words, quantity: '5' }])
  await go(v.page, '/requisitions?saved=mine')
  await v.page.getByRole('searchbox').fill(words)
  await v.page.getByRole('row').filter({ hasText: one.note }).waitFor()
  await expect.poll(() => new URL(v.page.url()).searchParams.get('q')).toBe(words)
  await v.page.getByRole('searchbox').fill('no-such-thing')
  await v.page.getByText('Nothing matches').waitFor()
  await expectAccessible(v.page)
  expectQuiet(v)
})
