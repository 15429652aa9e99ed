import { describe, expect, inject, it } from 'vitest'
import { call, expectAccessible, expectQuiet, go, type Size, visit, type Visit } from './browser'
import { type Page, titled } from './records'

interface User {
  id: string
  name: string
  roles: string[]
  disabled_at?: string
}

const secret = 'granite quarry sunrise 7'

/** Makes a person by the form, as an administrator does; answers with the e-mail address. */
async function made(v: Visit, size: Size): Promise<{ email: string; name: string }> {
  const name = titled('Nora Newcomer')
  const email = `${name.split(' ').at(-1)}@example.com`
  await go(v.page, '/admin/users')
  await v.page.getByRole('link', { name: 'New user' }).click()
  await v.page.getByLabel('Name', { exact: true }).fill(name)
  await v.page.getByLabel('E-mail address').fill(email)
  await v.page.getByRole('checkbox', { name: /^Technician/ }).check()
  await v.page.getByText('Gets: Technician').waitFor()
  await v.page.getByLabel('Password').fill(secret)
  if (size === 'desk') await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Create user' }).click()
  await v.page.getByRole('heading', { name }).waitFor()
  return { email, name }
}

const found = async (v: Visit, q: string) => (await call<Page<User>>(v.context, 'get', `/v1/users?q=${encodeURIComponent(q)}`)).items[0]

describe.each<Size>(['desk', 'phone'])('users at %s size', (size) => {
  it('are made, get another role with what that gives, and are disabled', async () => {
    await using v = await visit({ as: 'admin', size })
    const { email, name } = await made(v, size)
    expect(await found(v, email)).toMatchObject({ name, roles: ['technician'] })
    await v.page.getByRole('checkbox', { name: /^Planner/ }).check()
    await v.page.getByText('Gets: Planner').waitFor()
    // Until the person is read again, the page knows the version before alone: the next command waits for it.
    const disable = v.page.getByRole('button', { name: 'Disable' })
    let read = () => {}
    const slow = new Promise<void>((done) => (read = done))
    await v.page.route(/\/v1\/users\/[^/]+$/, async (route) => {
      if (route.request().method() === 'GET') await slow
      await route.continue()
    })
    await v.page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await found(v, email))?.roles.toSorted()).toEqual(['planner', 'technician'])
    await expect.poll(() => disable.getAttribute('aria-disabled')).toBe('true')
    read()
    await expect.poll(() => disable.getAttribute('aria-disabled')).toBe(null)
    // What is typed meanwhile is neither sent with the command nor lost by it.
    await v.page.getByLabel('Name', { exact: true }).fill(`${name} Typed`)
    await disable.click()
    await v.page.getByRole('button', { name: 'Enable' }).waitFor()
    expect(await found(v, email)).toMatchObject({ name, disabled_at: expect.any(String) })
    await v.page.getByText('Not saved').waitFor()
    await v.page.getByRole('button', { name: 'Save' }).click()
    await v.page.getByRole('heading', { name: `${name} Typed` }).waitFor()
    await v.page.getByText('Not saved').waitFor({ state: 'detached' })
    expectQuiet(v)
  })

  it('name the field that the server refuses', async () => {
    await using v = await visit({ as: 'admin', size })
    await go(v.page, '/admin/users/new')
    await v.page.getByLabel('Name', { exact: true }).fill('Somebody')
    await v.page.getByLabel('E-mail address').fill('planner@example.com')
    await v.page.getByLabel('Password').fill(secret)
    await v.page.getByRole('checkbox', { name: /^Technician/ }).check()
    await v.page.getByRole('button', { name: 'Create user' }).click()
    await expect.poll(() => v.page.getByLabel('E-mail address').getAttribute('aria-invalid')).toBe('true')
  })
})

it('shows which role may what, and finds a permission', async () => {
  await using v = await visit({ as: 'admin' })
  await go(v.page, '/admin/roles')
  await v.page.getByLabel('Find a permission').fill('work_orders.close')
  await v.page.getByText('work_orders.close').first().waitFor()
  await expect.poll(() => v.page.getByRole('table').locator('tbody tr').count()).toBe(1)
})

it('shows whether the parts of the installation answer, with the way to the processes for who runs it', async () => {
  await using v = await visit({ as: 'admin' })
  await go(v.page, '/admin/ops')
  for (const part of ['Database', 'File storage', 'Processes (Temporal)']) await v.page.getByRole('listitem').filter({ hasText: part }).filter({ hasText: 'Answers' }).waitFor()
  await v.page.getByText('Oldest message not delivered').waitFor()
  expect(await v.page.getByRole('link', { name: 'Temporal Web UI' }).getAttribute('href')).toMatch(/\/namespaces\/[^/]+\/workflows$/)
})

describe('API tokens', () => {
  it('show their secret once, work, and are refused when they were revoked', async () => {
    await using v = await visit({ as: 'admin' })
    const name = titled('ERP')
    await go(v.page, '/admin/api-tokens')
    await v.page.getByRole('button', { name: 'New token' }).first().click()
    await v.page.getByLabel('Name', { exact: true }).fill(name)
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Create token' }).click()
    const token = (await v.page.locator('[role="dialog"] code').first().textContent()) ?? ''
    const ask = () => fetch(`${inject('url')}/v1/me`, { headers: { Authorization: `Bearer ${token}` } })
    expect((await ask()).status).toBe(200)
    await v.page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    expect(await v.page.content()).not.toContain(token)
    await v.page.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: 'Revoke' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await v.page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' })
    await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(401)
    expectQuiet(v)
  })
})

describe('locations', () => {
  it('are made below others, renamed, and taken out of use', async () => {
    await using v = await visit({ as: 'admin' })
    const code = titled('L').replace(' ', '-').toUpperCase()
    await go(v.page, '/admin/locations')
    await v.page.getByRole('treeitem').first().click()
    await v.page.getByRole('link', { name: 'Add a place below' }).click()
    await v.page.getByLabel('Code').fill(code)
    await v.page.getByLabel('Name').fill('Wash bay')
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Create place' }).click()
    await v.page.getByRole('heading', { name: `${code} Wash bay` }).waitFor()
    const id = new URL(v.page.url()).searchParams.get('id')
    await v.page.getByLabel('Name').fill('Washing bay')
    // Somebody is faster: what is there now stands beside what was typed, which is kept over it.
    await call(v.context, 'patch', `/v1/locations/${id}`, { kind: 'room' }, { 'If-Match': '"1"' })
    await v.page.getByRole('button', { name: 'Save' }).click()
    await v.page.getByRole('row', { name: 'Kind Area Room' }).waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Take theirs, keep mine' }).click()
    await v.page.getByRole('heading', { name: `${code} Washing bay` }).waitFor()
    await v.page.getByRole('button', { name: 'Take out of use' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: 'Take out of use' }).click()
    await v.page.getByRole('button', { name: 'Take back into use' }).waitFor()
    expectQuiet(v)
  })

  it('begin anew with what somebody else stored, also without a live connection', async () => {
    await using v = await visit({ as: 'admin' })
    const code = titled('L').replace(' ', '-').toUpperCase()
    const [root] = (await call<Page<{ id: string }>>(v.context, 'get', '/v1/locations?parent_id=root&limit=1')).items
    const { id } = await call<{ id: string }>(v.context, 'post', '/v1/locations', { code, name: 'Wash bay', kind: 'area', parent_id: root?.id })
    await v.page.route('**/v1/events', (route) => route.abort())
    await go(v.page, `/admin/locations?id=${id}`)
    await v.page.getByLabel('Name').fill('Car wash')
    await call(v.context, 'patch', `/v1/locations/${id}`, { name: 'Washing bay' }, { 'If-Match': '"1"' })
    await v.page.getByRole('button', { name: 'Save' }).click()
    await v.page.getByRole('button', { name: 'Discard mine' }).click()
    await expect.poll(() => v.page.getByLabel('Name').inputValue()).toBe('Washing bay')
    await v.page.getByLabel('Name').fill('Washing place')
    await v.page.getByRole('button', { name: 'Save' }).click()
    await v.page.getByRole('heading', { name: `${code} Washing place` }).waitFor()
  })
})

describe('the own profile', () => {
  it('is saved, and a new password ends the other sign-ins', async () => {
    await using admin = await visit({ as: 'admin' })
    const { email } = await made(admin, 'desk')
    const signIn = (v: Visit, password: string) => v.context.request.post('/v1/auth/session', { data: { email, password }, headers: { 'X-Mainstay-CSRF': '1' } })
    await using v = await visit({ as: null })
    await using elsewhere = await visit({ as: null })
    expect((await signIn(v, secret)).status()).toBe(200)
    expect((await signIn(elsewhere, secret)).status()).toBe(200)
    await using lost = await visit({ as: null })
    expect((await signIn(lost, secret)).status()).toBe(200)
    await go(v.page, '/me')
    // The newest of the others.
    const others = v.page.getByRole('button', { name: /^Sign out / })
    await expect.poll(() => others.count()).toBe(2)
    await others.first().click()
    await expect.poll(() => others.count()).toBe(1)
    await expect.poll(async () => (await Promise.all([lost, elsewhere].map(({ context }) => context.request.get('/v1/me')))).map((answer) => answer.status()).toSorted(), { timeout: 10_000 }).toEqual([200, 401])
    await v.page.getByLabel('Name', { exact: true }).fill('Nora Renamed')
    await v.page.getByRole('button', { name: 'Save' }).click()
    await v.page.getByRole('button', { name: /Nora Renamed/ }).waitFor()
    await v.page.getByLabel('Current password').fill(secret)
    await v.page.getByLabel('New password').fill('short')
    await v.page.getByRole('button', { name: 'Change password' }).click()
    await v.page.getByText(/A password has \d+ characters or more/).waitFor()
    await v.page.getByLabel('New password').fill('limestone quarry evening 8')
    await v.page.getByRole('button', { name: 'Change password' }).click()
    await v.page.getByText('Changed. Other sign-ins have ended.').waitFor()
    await expect.poll(async () => (await elsewhere.context.request.get('/v1/me')).status(), { timeout: 10_000 }).toBe(401)
    await using again = await visit({ as: null })
    expect((await signIn(again, secret)).status()).toBe(401)
    expect((await signIn(again, 'limestone quarry evening 8')).status()).toBe(200)
    expectQuiet(v)
  })

  it('keeps colors, row height and letters with the account, on every device', async () => {
    await using admin = await visit({ as: 'admin' })
    const name = titled('Nora Newcomer')
    const email = `${name.split(' ').at(-1)}@example.com`
    await call(admin.context, 'post', '/v1/users', { name, email, roles: ['storekeeper'], password: secret })
    await using v = await visit({ as: null })
    await using other = await visit({ as: null })
    for (const { context } of [v, other]) await call(context, 'post', '/v1/auth/session', { email, password: secret })
    await go(v.page, '/me')
    await v.page.getByRole('radiogroup', { name: 'Colors' }).getByText('Dark').click()
    await v.page.getByRole('radiogroup', { name: 'Row height' }).getByText('Comfortable').click()
    await v.page.getByRole('switch', { name: 'Single letters act' }).uncheck()
    await expect.poll(() => call(v.context, 'get', '/v1/me/preferences')).toMatchObject({ theme: 'dark', density: 'comfortable', letters: false })
    await go(other.page, '/')
    await other.page.locator('html[data-mantine-color-scheme="dark"][data-density="comfortable"]').waitFor()
    await other.page.keyboard.press('?')
    expect(await other.page.getByRole('dialog').count()).toBe(0)
    await go(v.page, '/me')
    await v.page.getByRole('radiogroup', { name: 'Colors' }).getByText('As the system').click()
    await v.page.getByRole('radiogroup', { name: 'Row height' }).getByText('Compact').click()
    await v.page.getByRole('switch', { name: 'Single letters act' }).check()
    await expect.poll(() => call(v.context, 'get', '/v1/me/preferences')).toMatchObject({ theme: 'system', density: 'compact', letters: true })
    expectQuiet(v)
  })
})

describe('the company', () => {
  it('gets another first day of the week, with which calendars begin then, and refuses an empty name at its field', async () => {
    await using v = await visit({ as: 'admin' })
    const before = await call<{ week_start: string; name: string }>(v.context, 'get', '/v1/tenant')
    await go(v.page, '/admin/tenant')
    await v.page.getByLabel('Name', { exact: true }).fill(' ')
    await v.page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => v.page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    await v.page.getByLabel('Name', { exact: true }).fill(before.name)
    await v.page.getByRole('textbox', { name: 'The week begins on' }).or(v.page.getByRole('combobox', { name: 'The week begins on' })).first().click()
    await v.page.getByRole('option', { name: before.week_start === 'sunday' ? 'Monday' : 'Sunday' }).click()
    await v.page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await call<{ week_start: string }>(v.context, 'get', '/v1/tenant')).week_start).not.toBe(before.week_start)
    const first = before.week_start === 'sunday' ? 'Mon' : 'Sun'
    for (const path of ['/week-plan', '/work-orders?view=calendar']) {
      await go(v.page, path)
      await v.page.getByRole('columnheader', { name: new RegExp(`^${first}`) }).waitFor()
      const days = (await v.page.getByRole('columnheader').allInnerTexts()).filter((head) => /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(head))
      expect(days[0], path).toMatch(new RegExp(`^${first}`))
    }
    await go(v.page, '/work-orders/new')
    await v.page.getByLabel(/^Due/).first().click()
    await v.page.locator('.mantine-DateInput-weekday').first().waitFor()
    expect(await v.page.locator('.mantine-DateInput-weekday').first().innerText()).toBe(first.slice(0, 2))
    const now = await v.context.request.get('/v1/tenant')
    await call(v.context, 'patch', '/v1/tenant', { week_start: before.week_start }, { 'If-Match': now.headers().etag ?? '' })
    expectQuiet(v)
  })
})
