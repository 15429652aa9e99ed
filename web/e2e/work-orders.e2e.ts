import { describe, expect, it } from 'vitest'
import { call, choose, expectAccessible, expectQuiet, go, visit, writeDay } from './browser'
import { anAsset, anOrder, aPerson, dayFromNow, type Order, readOrder, titled } from './records'

describe('the list of work orders', () => {
  it('has the way to a new one in its title row, and at the thumb of the phone', async () => {
    await using desk = await visit()
    await go(desk.page, '/work-orders')
    await desk.page.locator('header').getByRole('link', { name: 'New work order' }).click()
    await desk.page.waitForURL('**/work-orders/new')
    await using phone = await visit({ size: 'phone' })
    await go(phone.page, '/work-orders')
    const box = await phone.page.getByRole('link', { name: 'New work order' }).boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(44)
    expect(box?.y).toBeGreaterThan(844 - 120)
  })

  it('begins with a word about the warranty of an asset that has one', async () => {
    await using v = await visit({ as: 'admin' })
    const { category_id, location_id } = (await anAsset(v.context)) as { category_id?: string; location_id?: string }
    const asset = await call<{ id: string }>(v.context, 'post', '/v1/assets', { code: titled('W').replace(' ', '-').toUpperCase(), name: 'New pump', category_id, location_id, warranty_until: dayFromNow(30) })
    await go(v.page, `/work-orders/new?asset_id=${asset.id}`)
    await v.page.getByText(/^Under warranty until/).waitFor()
    await expectAccessible(v.page)
    expectQuiet(v)
  })

  it('plans and assigns many at once, and says of each what became of it', async () => {
    await using v = await visit()
    const mark = titled('Bulk')
    const one = await anOrder(v.context, { title: `${mark} one` })
    const two = await anOrder(v.context, { title: `${mark} two` })
    const begun = await anOrder(v.context, { title: `${mark} begun` })
    await call(v.context, 'post', `/v1/work-orders/${begun.id}/start`, {})
    await go(v.page, `/work-orders?saved=all&q=${encodeURIComponent(mark)}`)
    for (const each of ['one', 'two', 'begun']) {
      await v.page.getByRole('row', { name: new RegExp(`${mark} ${each}`) }).hover()
      await v.page.getByRole('checkbox', { name: new RegExp(`${mark} ${each}`) }).check()
    }
    await v.page.getByText('3 selected').first().waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Plan 2 of 3' }).click()
    await expectAccessible(v.page)
    await writeDay(v.page, 'Day', dayFromNow(3))
    await choose(v.page, 'People', 'Tara', 'Tara Technician')
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('button', { name: 'Plan 2 orders' }).click()
    await v.page.getByText('Plan: 2 of 2 done.').waitFor()
    for (const { id } of [one, two]) expect(await readOrder(v.context, id)).toMatchObject({ status: 'scheduled', start_on: dayFromNow(3), assignees: [{ name: 'Tara Technician' }] })
    expect((await readOrder(v.context, begun.id)).status).toBe('in_progress')
    expectQuiet(v)
  })

  it('shows which of many were refused, with the reason of the server', async () => {
    await using v = await visit()
    const mark = titled('Refused')
    const one = await anOrder(v.context, { title: `${mark} one` })
    const two = await anOrder(v.context, { title: `${mark} two` })
    await go(v.page, `/work-orders?saved=all&q=${encodeURIComponent(mark)}`)
    for (const each of ['one', 'two']) {
      await v.page.getByRole('row', { name: new RegExp(`${mark} ${each}`) }).hover()
      await v.page.getByRole('checkbox', { name: new RegExp(`${mark} ${each}`) }).check()
    }
    await v.page.getByRole('button', { name: 'More commands' }).click()
    await v.page.getByRole('menuitem', { name: 'Cancel' }).click()
    // Somebody begins one of them while the sheet is open.
    await call(v.context, 'post', `/v1/work-orders/${two.id}/start`, {})
    await call(v.context, 'post', `/v1/work-orders/${two.id}/complete`, { resolution: 'Done meanwhile' })
    await v.page.getByLabel('Reason').fill('Not needed')
    await v.page.getByRole('button', { name: /^Cancel (2|one) orders?$/ }).click()
    await v.page.getByText('Cancel: 1 of 2 done.').waitFor()
    await v.page.getByText('Not done:').waitFor()
    await v.page.getByRole('listitem').filter({ hasText: `${mark} two` }).first().waitFor()
    expect((await readOrder(v.context, one.id)).status).toBe('cancelled')
    expect((await readOrder(v.context, two.id)).status).toBe('completed')
  })
})

describe('the page of a work order', () => {
  it('takes an assignment back', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    await go(v.page, `/work-orders/${order.id}`)
    const sheet = await v.context.request.get((await v.page.getByRole('link', { name: 'Print as PDF' }).getAttribute('href')) ?? '')
    expect((await sheet.body()).subarray(0, 5).toString()).toBe('%PDF-')
    await v.page.getByRole('button', { name: 'Assign' }).first().click()
    // The open list of everybody is sound, too.
    await v.page.getByRole('textbox', { name: 'People' }).or(v.page.getByRole('combobox', { name: 'People' })).first().click()
    await v.page.getByRole('option').nth(9).waitFor()
    await expectAccessible(v.page)
    await choose(v.page, 'People', 'Tara', 'Tara Technician')
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
    // It stays while the pointer is on it, or it would be gone before everything was looked at.
    await v.page.getByText(/is assigned to: Tara Technician/).hover()
    await expectAccessible(v.page)
    expect((await readOrder(v.context, order.id)).assignees).toHaveLength(1)
    await v.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await readOrder(v.context, order.id)).assignees ?? []).toEqual([])
    expectQuiet(v)
  })

  it('takes another day back', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    const tara = await aPerson(v.context, 'Tara')
    await call(v.context, 'post', `/v1/work-orders/${order.id}/schedule`, { start_on: dayFromNow(2), assignee_ids: [tara.id] })
    await go(v.page, `/work-orders/${order.id}`)
    await v.page.getByRole('button', { name: 'Plan again' }).click()
    await writeDay(v.page, 'Day', dayFromNow(5))
    await v.page.getByRole('dialog').getByRole('button', { name: 'Plan', exact: true }).click()
    await v.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await readOrder(v.context, order.id)).start_on).toBe(dayFromNow(2))
  })
})

describe('the board', () => {
  it('asks the server by a drop, and puts the card back where it refuses', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    // Somebody changes it; this page does not hear of it, so its drop is for a version that is gone.
    await v.page.route('**/v1/events', (route) => route.abort())
    await go(v.page, `/work-orders?view=board&q=${encodeURIComponent(order.title)}`)
    const column = (name: string) => v.page.getByRole('region', { name, exact: true })
    const card = column('Ready').getByText(order.title)
    await card.waitFor()
    const drag = async (to: string) => {
      const from = await v.page.getByText(order.title).first().boundingBox()
      const target = await column(to).boundingBox()
      if (!from || !target) throw new Error('nothing to drag')
      await v.page.mouse.move(from.x + 20, from.y + 8)
      await v.page.mouse.down()
      await v.page.mouse.move(target.x + 40, target.y + 120, { steps: 8 })
    }
    await drag('In progress')
    await v.page.getByText('Drop to start').waitFor()
    // Where it may not go is greyed.
    expect(await column('Done').getAttribute('data-takes')).toBe('false')
    await expectAccessible(v.page)
    await call(v.context, 'patch', `/v1/work-orders/${order.id}`, { title: `${order.title}!` }, { 'If-Match': `"${order.version}"` })
    await v.page.mouse.up()
    await v.page.getByRole('alert').first().waitFor()
    expect((await readOrder(v.context, order.id)).status).toBe('approved')
    await column('Ready').getByText(order.title).waitFor()
    await go(v.page, `/work-orders?view=board&q=${encodeURIComponent(order.title)}`)
    await drag('In progress')
    await v.page.mouse.up()
    await column('In progress').getByText(order.title).waitFor()
    expect((await readOrder(v.context, order.id)).status).toBe('in_progress')
  })

  it('moves a card by the keyboard, over the columns that take it', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    await go(v.page, `/work-orders?view=board&q=${encodeURIComponent(order.title)}`)
    const ready = v.page.getByRole('region', { name: 'Ready', exact: true })
    await ready.getByRole('link', { name: new RegExp(order.title) }).focus()
    await v.page.keyboard.press('Space')
    for (let steps = 0; steps < 4 && !(await v.page.locator('[data-drop="in_progress"][data-over]').count()); steps++) await v.page.keyboard.press('ArrowRight')
    await v.page.keyboard.press('Space')
    await v.page.getByRole('region', { name: 'In progress', exact: true }).getByText(order.title).waitFor()
  })
})

describe('the calendar', () => {
  it('plans for another day by a move, takes it back, and greys the days that are gone', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    const planned = await call<Order>(v.context, 'post', `/v1/work-orders/${order.id}/schedule`, { start_on: dayFromNow(0), assignee_ids: [(await aPerson(v.context, 'Tara')).id] })
    const asked: (string | undefined)[] = []
    v.page.on('request', (request) => request.url().endsWith('/schedule') && asked.push(request.headers()['if-match']))
    await go(v.page, `/work-orders?view=calendar&q=${encodeURIComponent(order.title)}`)
    const day = (days: number) => v.page.locator(`[data-drop="${dayFromNow(days)}"]`)
    await day(0).getByRole('link', { name: new RegExp(order.title) }).focus()
    await v.page.keyboard.press('Space')
    await expect.poll(() => v.page.locator('[data-takes="false"]').count()).toBeGreaterThan(0)
    await v.page.keyboard.press('ArrowRight')
    await v.page.locator('[data-over]').waitFor()
    await v.page.keyboard.press('Space')
    await v.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await readOrder(v.context, order.id)).start_on).toBe(dayFromNow(0))
    // Each for the version that was seen.
    expect(asked).toEqual([`"${planned.version}"`, `"${planned.version + 1}"`])
    expectQuiet(v)
  })
})

describe('the week plan', () => {
  it('shows codes whole and plans by a drop, which can be taken back', async () => {
    await using v = await visit()
    const tara = await aPerson(v.context, 'Tara')
    const order = await anOrder(v.context, { title: titled('Grease') })
    await call(v.context, 'post', `/v1/work-orders/${order.id}/schedule`, { start_on: dayFromNow(0), assignee_ids: [tara.id] })
    await go(v.page, '/week-plan?everybody=true')
    const cut = await v.page.locator('[role="cell"] .ms-code').evaluateAll((codes) => codes.filter((code) => code.scrollWidth > code.clientWidth + 1).map((code) => code.textContent))
    expect(cut).toEqual([])
    const card = v.page.getByRole('cell').getByText(order.title)
    await card.scrollIntoViewIfNeeded()
    const from = await card.boundingBox()
    // Somebody else's cell of the same day that stands on the screen with it.
    const to = (await v.page.locator(`[data-drop$=" ${dayFromNow(0)}"]`).evaluateAll((cells) => cells.map((cell) => ({ person: cell.getAttribute('data-drop')?.split(' ')[0], box: cell.getBoundingClientRect().toJSON() as DOMRect }))))
      .filter(({ person, box }) => /^[0-9a-f-]{36}$/.test(person ?? '') && person !== tara.id && box.top > 200 && box.bottom < 800)[0]
    if (!from || !to) throw new Error('nothing to drag')
    await v.page.mouse.move(from.x + 10, from.y + 5)
    await v.page.mouse.down()
    await v.page.mouse.move(to.box.x + 30, to.box.y + 30, { steps: 8 })
    await v.page.mouse.up()
    await expect.poll(async () => (await readOrder(v.context, order.id)).assignees?.map(({ id }) => id)).toEqual([to.person])
    await v.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await readOrder(v.context, order.id)).assignees?.map(({ name }) => name)).toEqual(['Tara Technician'])
    expectQuiet(v)
  })
})
