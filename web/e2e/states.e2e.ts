import { describe, expect, it } from 'vitest'
import { bothSizes, call, expectAccessible, expectAccessibleInBoth, expectQuiet, go, visit } from './browser'
import { anOrder, readOrder, titled } from './records'

describe.each(bothSizes)('at %s size in light and dark', (size) => {
  it('a list that finds nothing says which filters hide the rest, and takes them away', async () => {
    await using v = await visit({ size })
    await go(v.page, '/work-orders?q=no-such-order&priority=low')
    await v.page.getByText(/orders are hidden by 2 filters/).waitFor()
    await expectAccessibleInBoth(v.page)
    await v.page.getByRole('button', { name: 'Clear filters' }).last().click()
    await v.page.getByRole('row').nth(1).waitFor()
    expectQuiet(v)
  })

  it('a list that could not be read says so, with the number of the request, and tries again', async () => {
    await using v = await visit({ size })
    let broken = true
    await v.page.route(/\/v1\/work-orders\?/, (route) => (broken ? route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ status: 500, title: 'Internal error', code: 'internal', request_id: 'req-4711' }) }) : route.fallback()))
    await v.page.goto('/work-orders')
    await v.page.getByText('The list could not be loaded').waitFor()
    await v.page.getByText('Your filters are kept.').waitFor()
    await v.page.getByRole('button', { name: /^Copy details req q-4711/ }).waitFor()
    await expectAccessibleInBoth(v.page)
    broken = false
    await v.page.getByRole('button', { name: 'Try again' }).click()
    await v.page.getByRole('row').nth(1).waitFor()
  })

  it('what a role may not see says who can help', async () => {
    await using v = await visit({ as: 'requester', size })
    await v.page.goto('/audit')
    await v.page.getByText('You cannot see this').waitFor()
    await v.page.getByText('Roles that can: Administrator, Auditor.').waitFor()
    await expectAccessibleInBoth(v.page)
  })

  it('a list that still loads shows its place, and words after a while', async () => {
    await using v = await visit({ size })
    await v.page.clock.install()
    let answer = () => {}
    const answered = new Promise<void>((resolve) => (answer = resolve))
    await v.page.route(/\/v1\/maintenance-schedules\?.*limit=200/, async (route) => {
      await answered
      await route.fallback()
    })
    await v.page.goto('/schedules')
    await v.page.getByRole('heading', { name: 'Schedules' }).waitFor()
    await v.page.clock.runFor(6000)
    await v.page.getByText('Still loading').waitFor()
    await expectAccessibleInBoth(v.page)
    answer()
    await v.page.getByRole('row').nth(1).waitFor()
  })
})

describe('a command that the server could not finish', () => {
  it('says that trying again is safe, tries by itself, and counts once: every try has the same key', async () => {
    await using v = await visit({ as: 'technician' })
    await using planner = await visit()
    const order = await anOrder(planner.context)
    const keys: string[] = []
    let away = true
    await v.page.route(/\/v1\/work-orders\/[^/]+\/start$/, async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '')
      if (away) await route.fulfill({ status: 503, headers: { 'Retry-After': '1', 'Content-Type': 'application/problem+json' }, body: JSON.stringify({ status: 503, title: 'Unavailable', code: 'retry_same_key' }) })
      else await route.continue()
    })
    await v.page.clock.install()
    await go(v.page, `/work-orders/${order.id}`)
    await v.page.getByRole('button', { name: /^Start/ }).click()
    await v.page.getByText('Not completed yet').waitFor()
    await v.page.getByText(/^next try by itself in \d+ s$/).waitFor()
    await v.page.getByRole('button', { name: 'Try again' }).waitFor()
    await expectAccessibleInBoth(v.page)
    away = false
    await v.page.clock.fastForward(10_000)
    await v.page.getByText('In progress').first().waitFor()
    expect(keys.length).toBeGreaterThan(1)
    expect(new Set(keys).size).toBe(1)
    expect((await readOrder(v.context, order.id)).status).toBe('in_progress')
  })

  it('that it refuses shows its sentence and changes nothing', async () => {
    await using v = await visit()
    const order = await anOrder(v.context)
    await go(v.page, `/work-orders/${order.id}`)
    await v.page.route(/\/v1\/work-orders\/[^/]+\/start$/, (route) => route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify({ status: 409, code: 'conflict', title: 'Conflict', detail: 'Somebody was faster.' }) }))
    await v.page.getByRole('button', { name: /^Start/ }).click()
    await v.page.getByRole('alert').getByText('Somebody was faster.').waitFor()
    expect((await readOrder(v.context, order.id)).status).toBe('approved')
  })
})

it.each([
  { noun: 'users', as: 'admin', page: '/admin/users', body: { password: 'granite quarry sunrise 7', roles: ['technician'] } },
  { noun: 'suppliers', as: 'buyer', page: '/suppliers', sheet: true, body: {} },
  { noun: 'items', as: 'storekeeper', page: '/items', sheet: true, body: { unit: 'pc' } },
] as const)('of $noun both is told where somebody was faster, and what was typed is kept over it', async ({ noun, as, page, body, ...at }) => {
  await using v = await visit({ as })
  const code = titled('S').replace(' ', '-').toLowerCase()
  const { id } = await call<{ id: string }>(v.context, 'post', `/v1/${noun}`, { ...body, name: 'As it was', ...(noun === 'users' ? { email: `${code}@example.com` } : { code }) })
  await go(v.page, `${page}/${id}`)
  if ('sheet' in at) await v.page.getByRole('button', { name: /^(Edit|Change)/ }).first().click()
  const form = 'sheet' in at ? v.page.getByRole('dialog') : v.page
  await form.getByLabel('Name', { exact: true }).fill('Typed here')
  await call(v.context, 'patch', `/v1/${noun}/${id}`, { name: 'Typed elsewhere' }, { 'If-Match': '"1"' })
  await form.getByRole('button', { name: 'Save' }).click()
  await v.page.getByRole('row', { name: 'Name Typed here Typed elsewhere' }).waitFor()
  await v.page.getByRole('button', { name: 'Take theirs, keep mine' }).click()
  await expect.poll(async () => (await call<{ name: string }>(v.context, 'get', `/v1/${noun}/${id}`)).name).toBe('Typed here')
})

it('what somebody else changed meanwhile is shown beside what was entered, and both are kept', async () => {
  await using v = await visit()
  const order = await anOrder(v.context)
  await go(v.page, `/work-orders/${order.id}`)
  await v.page.getByRole('button', { name: 'More commands' }).click()
  await v.page.getByRole('menuitem', { name: 'Change', exact: true }).click()
  const mine = titled('Replace the belt and its rollers')
  await v.page.getByLabel('Title').fill(mine)
  await using other = await visit({ as: 'asset_manager' })
  await call(other.context, 'patch', `/v1/work-orders/${order.id}`, { priority: 'high' }, { 'If-Match': `"${order.version}"` })
  await v.page.getByRole('button', { name: 'Save', exact: true }).click()
  await v.page.getByRole('alert').getByText(/changed this at \d/).waitFor()
  await v.page.getByRole('row', { name: 'Priority Medium High' }).waitFor()
  await v.page.getByRole('row', { name: `Title ${mine} ${order.title}` }).waitFor()
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Take theirs, keep mine' }).click()
  await v.page.getByRole('heading', { name: mine }).first().waitFor()
  expect(await readOrder(v.context, order.id)).toMatchObject({ title: mine, priority: 'high' })
})
