import { describe, expect, it } from 'vitest'
import { bothSizes, call, choose, expectAccessible, expectAccessibleInBoth, expectNoSidewaysScroll, expectQuiet, go, visit } from './browser'
import { anAsset, anOrder, dayFromNow, type Page, readOrder, titled } from './records'

interface Site {
  id: string
  name: string
}

describe('an address that is no page', () => {
  it.each(['/nowhere', '/work-orders/00000000-0000-4000-8000-000000000000', '/assets/00000000-0000-4000-8000-000000000000', '/schedules/00000000-0000-4000-8000-000000000000'])('%s says so under a heading, with the way on', async (path) => {
    await using v = await visit()
    await go(v.page, path)
    await v.page.getByRole('heading', { level: 1, name: 'Nothing is here' }).waitFor()
    await v.page.getByRole('link', { name: 'Work orders' }).first().waitFor()
    await expectAccessible(v.page)
    expectQuiet(v)
  })
})

describe('dialogs and menus', () => {
  it.each(bothSizes)('are sound at %s size in light and dark', async (size) => {
    await using v = await visit({ size })
    const order = await anOrder(v.context)
    await go(v.page, `/work-orders/${order.id}`)
    await v.page.getByRole('button', { name: /^Plan/ }).first().click()
    await v.page.getByRole('dialog').waitFor()
    await expectAccessibleInBoth(v.page)
    // No second banner: the title row of a dialog is none.
    expect(await v.page.getByRole('banner').count()).toBeLessThanOrEqual(1)
    await expectNoSidewaysScroll(v.page)
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('button', { name: 'More commands' }).click()
    await v.page.getByRole('menu').waitFor()
    await expectAccessibleInBoth(v.page)
    expectQuiet(v)
  })

  it('open by the keyboard: what can be found, and what the keys do', async () => {
    await using v = await visit()
    await go(v.page, '/')
    await v.page.keyboard.press('?')
    await v.page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    for (const words of ['Main command of the record', 'Assign or hand over', 'Write a comment', 'Show the tab']) await v.page.getByRole('dialog').getByText(words, { exact: true }).waitFor()
    await expectAccessible(v.page)
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    await v.page.keyboard.press('Control+k')
    await v.page.getByRole('textbox', { name: 'Find or do' }).waitFor()
    await expectAccessible(v.page)
    await v.page.keyboard.press('Escape')
    // Letters typed into it would be a search.
    await v.page.getByRole('textbox', { name: 'Find or do' }).waitFor({ state: 'detached' })
    // It does what it finds, too.
    await v.page.keyboard.press('Control+k')
    await v.page.getByRole('textbox', { name: 'Find or do' }).fill('New schedule')
    await v.page.locator('[data-action][data-selected]').filter({ hasText: 'New schedule' }).waitFor()
    await v.page.keyboard.press('Enter')
    await v.page.waitForURL('**/schedules/new')
    await go(v.page, '/')
    await v.page.keyboard.press('g')
    await v.page.keyboard.press('s')
    await v.page.waitForURL('**/schedules*')
    expectQuiet(v)
  })
})

it('the phone has its ways at the thumb, each large enough for one', async () => {
  await using v = await visit({ as: 'technician', size: 'phone' })
  await go(v.page, '/')
  const bar = v.page.getByRole('navigation').last()
  for (const [name, path] of [['Scan', '/scan'], ['Inbox', '/inbox'], ['Report', '/requests/new'], ['My work', '/']] as const) {
    const way = bar.getByRole('link', { name: new RegExp(`${name}$`) })
    const box = await way.boundingBox()
    expect(Math.min(box?.height ?? 0, box?.width ?? 0), name).toBeGreaterThanOrEqual(44)
    await way.click()
    await v.page.waitForURL((url) => url.pathname === path)
    // A form has its own command at the thumb.
    if (name === 'Report') await v.page.goBack()
    else await expect.poll(() => way.getAttribute('aria-current')).toBe('page')
  }
  await bar.getByRole('button', { name: 'More' }).click()
  await v.page.getByRole('dialog').getByRole('link', { name: 'Assets' }).click()
  await v.page.waitForURL((url) => url.pathname === '/assets')
  expectQuiet(v)
})

describe('the own menu', () => {
  it('shows the letters of the person whole', async () => {
    await using v = await visit({ as: 'admin' })
    await go(v.page, '/')
    const letters = await v.page.getByRole('button', { name: /profile and administration/ }).locator('span').first().boundingBox()
    expect(letters?.x).toBeGreaterThanOrEqual(8)
    await v.page.getByRole('button', { name: /profile and administration/ }).click()
    await v.page.getByRole('menuitem', { name: 'Users' }).waitFor()
    await expectAccessible(v.page)
  })
})

describe('the site switch', () => {
  it('holds on every way through the pages, and narrows their lists', async () => {
    await using v = await visit()
    const [, site] = (await call<Page<Site>>(v.context, 'get', '/v1/locations?parent_id=root')).items
    if (!site) throw new Error('the demo has one site only')
    const here = (url: URL) => url.searchParams.get('site') === site.id
    await go(v.page, '/')
    await v.page.getByRole('button', { name: /^Site:/ }).click()
    await v.page.getByRole('menuitem', { name: site.name }).click()
    await v.page.waitForURL(here)
    await v.page.keyboard.press('Control+k')
    await v.page.getByRole('textbox', { name: 'Find or do' }).fill('Schedules')
    await v.page.keyboard.press('Enter')
    await v.page.waitForURL((url) => url.pathname === '/schedules' && here(url))
    // Other tests make schedules meanwhile; the count follows.
    await expect
      .poll(async () => {
        const of = await call<{ total: { value: number } }>(v.context, 'get', `/v1/maintenance-schedules?status=active&location_id=${site.id}&limit=1&count=capped`)
        return v.page.getByRole('link', { name: new RegExp(`^Active\\s*${of.total.value}$`) }).count()
      })
      .toBe(1)
    await v.page.keyboard.press('g')
    await v.page.keyboard.press('i')
    await v.page.waitForURL((url) => url.pathname === '/inbox' && here(url))
    await v.page.keyboard.press('g')
    await v.page.keyboard.press('h')
    await v.page.waitForURL((url) => url.pathname === '/' && here(url))
    const week = await v.page.getByRole('heading', { level: 1 }).textContent()
    await v.page.getByRole('button', { name: 'Week after' }).click()
    await v.page.waitForURL((url) => url.searchParams.has('week') && here(url))
    await expect.poll(() => v.page.getByRole('heading', { level: 1 }).textContent()).not.toBe(week)
    await v.page.getByRole('button', { name: 'This week' }).click()
    await v.page.waitForURL((url) => !url.searchParams.has('week') && here(url))
    await v.page.getByRole('link', { name: /^Overdue/ }).first().click()
    await v.page.waitForURL((url) => url.pathname === '/work-orders' && here(url))
    expectQuiet(v)
  })
})

describe('home', () => {
  it('carries out what its rows ask for', async () => {
    await using v = await visit()
    const title = titled('Home')
    const asset = await anAsset(v.context)
    const mine = await anOrder(v.context, { title: `${title} late`, due_on: dayFromNow(-400) })
    const request = await call<{ id: string }>(v.context, 'post', '/v1/work-requests', { title: `${title} request`, asset_id: asset.id })
    await go(v.page, '/')
    const row = v.page.getByRole('listitem').filter({ hasText: `${title} late` })
    await row.getByRole('button', { name: /^Assign/ }).click()
    await choose(v.page, 'People', 'Tara', 'Tara Technician')
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('listbox').first().waitFor({ state: 'hidden' })
    await expectAccessible(v.page)
    await v.page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
    await row.waitFor({ state: 'detached' })
    expect(new URL(v.page.url()).pathname).toBe('/')
    expect((await readOrder(v.context, mine.id)).assignees).toMatchObject([{ name: 'Tara Technician' }])
    const shown = v.page.getByRole('listitem').filter({ hasText: `${title} request` })
    if (await shown.count()) {
      await shown.getByRole('button', { name: /^Decide/ }).click()
      await v.page.getByRole('menuitem', { name: 'Turn down' }).click()
      await v.page.getByLabel('Reason').fill('Not now')
      await v.page.getByRole('dialog').getByRole('button', { name: 'Turn down' }).click()
      await shown.waitFor({ state: 'detached' })
      expect(await call(v.context, 'get', `/v1/work-requests/${request.id}`)).toMatchObject({ status: 'rejected' })
    }
    expectQuiet(v)
  })

  it('leads from every figure to its list', async () => {
    await using v = await visit()
    await go(v.page, '/')
    const lists: [figure: RegExp, heading: string, holds: string][] = [
      [/^Overdue/, 'Work orders', 'saved=overdue'],
      [/^Planned work on time/, 'Work orders', 'due_from'],
      [/^Mean time to repair/, 'Work orders', 'completed_from'],
      [/^Work waiting/, 'Work orders', 'status'],
      [/^Cost this month/, 'Work orders', 'booked_from'],
      [/^Mean time between failures/, 'Assets', 'failed_from'],
      [/^Low stock/, 'Stock', 'saved=low'],
    ]
    for (const [figure, heading, holds] of lists) {
      await v.page.getByRole('main').getByRole('link', { name: figure }).first().click()
      await v.page.getByRole('heading', { name: heading }).first().waitFor()
      expect(v.page.url()).toContain(holds)
      await v.page.goBack()
      await v.page.getByRole('heading', { name: /^Week \d+/ }).waitFor()
    }
    // A week that is over moves them, and what was open then does not change any more.
    await v.page.getByRole('button', { name: 'Week before' }).click()
    await v.page.waitForURL(/week=/)
    const open = v.page.getByRole('link', { name: /^Open work orders.*that week/s })
    const figure = (await open.innerText()).match(/\n([\d,]+)/)?.[1]
    await open.click()
    await v.page.getByRole('button', { name: /^Open at the end of/ }).waitFor()
    const day = new URL(v.page.url()).searchParams.get('open_on')
    const { total } = await call<{ total: { value: number } }>(v.context, 'get', `/v1/work-orders?open_on=${day}&limit=1&count=capped`)
    expect(total.value.toLocaleString('en-GB')).toBe(figure)
    expectQuiet(v)
  })

  it('leads from every figure to exactly its rows', async () => {
    await using v = await visit()
    const tile = v.page.getByRole('link', { name: /^Open work orders/ })
    const view = v.page.getByRole('link', { name: /^Open\s*[\d,]+$/ })
    // Once without another test's new order between the two looks.
    await expect
      .poll(
        async () => {
          await go(v.page, '/')
          const figure = (await tile.innerText()).match(/\n([\d,]+)/)?.[1]
          await tile.click()
          await view.waitFor()
          return figure === (await view.innerText()).match(/[\d,]+/)?.[0]
        },
        { timeout: 40_000 },
      )
      .toBe(true)
    expectQuiet(v)
  })
})
