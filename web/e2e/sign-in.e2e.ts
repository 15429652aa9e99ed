import { describe, expect, inject, it } from 'vitest'
import { call, expectAccessible, expectAccessibleInBoth, expectQuiet, go, visit } from './browser'

describe('sign-in', () => {
  it('leads to the page that was asked for, with a cookie that no script reads and no token in the storage', async () => {
    await using v = await visit({ as: null })
    const { page, context } = v
    await page.goto('/work-orders')
    await page.getByLabel('E-mail address').fill('planner@example.com')
    await page.getByLabel('Password', { exact: true }).fill(inject('password'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/work-orders*')
    const [cookie] = (await context.cookies()).filter((c) => c.name === '__Host-mainstay')
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' })
    expect(await page.evaluate(() => document.cookie)).toBe('')
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(kept).not.toMatch(/eyJ|token|secret|planner@example\.com/i)
    expectQuiet(v)
  })

  it.each(['nobody@example.com', 'planner@example.com'])('says the same to %s with a wrong password', async (email) => {
    await using v = await visit({ as: null })
    await v.page.goto('/login')
    await v.page.getByLabel('E-mail address').fill(email)
    await v.page.getByLabel('Password', { exact: true }).fill('wrong horse battery')
    await v.page.getByRole('button', { name: 'Sign in' }).click()
    await v.page.getByText('E-mail address or password is wrong.').waitFor()
    await expectAccessible(v.page)
  })

  it('ends everywhere when the person signs out', async () => {
    await using v = await visit({ as: 'technician', own: true })
    await go(v.page, '/')
    const left = await v.context.request.delete('/v1/auth/session', { headers: { 'X-Mainstay-CSRF': '1' } })
    expect(left.status()).toBe(204)
    await v.page.goto('/work-orders')
    await v.page.waitForURL('**/login*')
  })
})

describe('the start page of a stack', () => {
  it('says how far its parts are, goes on by itself, and opens the sign-in when there are people', async () => {
    await using v = await visit({ as: null })
    let starting = true
    await v.page.route('**/v1/start', async (route) => {
      const response = await route.fetch()
      const start = (await response.json()) as { parts: { name: string }[]; demo?: object }
      const before: Record<string, object> = { temporal: { status: 'building', done: 500, total: 1000, seconds_left: 130 }, worker: { status: 'waiting' }, demo: { status: 'starting' } }
      if (starting) Object.assign(start, { demo: undefined, parts: start.parts.map((part) => ({ ...part, ...before[part.name] })) })
      await route.fulfill({ response, json: start })
    })
    await go(v.page, '/login')
    await v.page.getByRole('heading', { name: 'Nearly there. 5 of 8 parts run.' }).waitFor()
    await v.page.getByText('The process server is being built, about 3 min more.').waitFor()
    await v.page.getByText('500 of 1,000 packages built').waitFor()
    await v.page.getByText('trying it again is safe').waitFor()
    const signIn = v.page.getByRole('button', { name: 'Sign in' })
    expect(await signIn.getAttribute('aria-disabled')).toBe('true')
    await v.page.getByText('Opens as soon as the demo data is loaded').waitFor()
    await expectAccessibleInBoth(v.page)
    starting = false
    await v.page.getByRole('heading', { name: 'All 8 parts run.' }).waitFor()
    await v.page.getByRole('listitem').filter({ hasText: /^Find [A-Z]{3}-[A-Z]{3}-\d{3} / }).waitFor()
    expect(await v.page.getByRole('link', { name: 'Open caught mail' }).getAttribute('href')).toBe(inject('mailUrl'))
    expect(await v.page.getByLabel('E-mail address').inputValue()).toBe('admin@example.com')
    expect(await v.page.locator('body').innerText()).not.toContain(inject('password'))
    await v.page.getByLabel('Password', { exact: true }).fill(inject('password'))
    await signIn.click()
    await v.page.waitForURL((url) => url.pathname === '/')
    expectQuiet(v)
  })
})

describe('the session cookie', () => {
  it('changes nothing without the header that only our pages send', async () => {
    await using v = await visit()
    const answer = await v.context.request.post('/v1/work-orders', { data: { title: 'from elsewhere', type: 'corrective', priority: 'low' } })
    expect(answer.status()).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'forbidden' })
  })

  it('is refused to another site even with the header', async () => {
    await using v = await visit()
    const answer = await v.context.request.post('/v1/work-orders', {
      data: { title: 'from elsewhere', type: 'corrective', priority: 'low' },
      headers: { 'X-Mainstay-CSRF': '1', Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    })
    expect(answer.status()).toBe(403)
  })

  it('reads as the bearer token does', async () => {
    await using v = await visit({ as: 'auditor' })
    expect(await call(v.context, 'get', '/v1/me')).toMatchObject({ email: 'auditor@example.com', roles: ['auditor'] })
  })
})

it('blocks a script that somebody smuggles into the page', async () => {
  await using v = await visit()
  await go(v.page, '/')
  await v.page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.smuggled = true'
    document.body.append(script)
  })
  expect(await v.page.evaluate(() => 'smuggled' in window)).toBe(false)
  expect(v.complaints.join()).toContain('CSP: script-src')
})
