import { expect, inject, it } from 'vitest'
import { call, expectAccessible, type Scheme, type Size, visit } from './browser'
import { costlyOrder } from './records'

interface Mail {
  Subject: string
  Text: string
  HTML: string
}

/** A new approval of the demo company's approver with the mail that asks for it and the path of its link. */
async function asked(): Promise<{ id: string; mail: Mail; path: string }> {
  const order = await costlyOrder()
  for (;;) {
    const list = (await (await fetch(`${inject('mailUrl')}/api/v1/messages?limit=200`)).json()) as { messages: { ID: string; To: { Address: string }[] }[] }
    for (const { ID, To } of list.messages) {
      if (To[0]?.Address !== 'approver@example.com') continue
      const mail = (await (await fetch(`${inject('mailUrl')}/api/v1/message/${ID}`)).json()) as Mail
      const path = mail.Text.includes(order.title) ? /\/approve\/[\w-]+/.exec(mail.Text)?.[0] : undefined
      if (path) return { id: order.approval_id, mail, path }
    }
    await new Promise((next) => setTimeout(next, 250))
  }
}

const status = async (as: Awaited<ReturnType<typeof visit>>, id: string) => (await call<{ status: string }>(as.context, 'get', `/v1/approvals/${id}`)).status

it('lets a scanner with a browser open links, run what it likes and submit every form, and decides nothing', async () => {
  await using approver = await visit({ as: 'approver' })
  const links = [await asked(), await asked()]
  await using scanner = await visit({ as: null })
  const { page } = scanner
  for (const { mail, path } of links) {
    await page.setContent(mail.HTML)
    await page.goto(path)
    await page.goto(path, { referer: 'https://scanner.example/' })
    // As scanners do that look behind forms: each of these leaves the button out.
    for (const submit of [
      () => (document.forms[0] as HTMLFormElement).submit(),
      () => (document.forms[0] as HTMLFormElement).requestSubmit(),
      () => {
        const form = document.forms[0] as HTMLFormElement
        for (const field of form.querySelectorAll('textarea')) field.value = 'scanned'
        form.submit()
      },
      () => void fetch(location.href, { method: 'POST', body: new URLSearchParams(new FormData(document.forms[0]) as never) }).catch(() => undefined),
    ]) {
      await page.goto(path)
      await page.evaluate(submit)
      await page.waitForLoadState('networkidle')
    }
    await page.goto(path)
    await page.getByRole('textbox').press('Enter')
  }
  expect(await Promise.all(links.map(({ id }) => status(approver, id)))).toEqual(['open', 'open'])
})

it('decides when a person presses a button, and then says so', async () => {
  await using approver = await visit({ as: 'approver' })
  const { id, path } = await asked()
  await using reader = await visit({ as: null, size: 'phone' })
  const { page } = reader
  await page.goto(path)
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByText('A rejection needs a comment.').waitFor()
  expect(await status(approver, id)).toBe('open')
  await page.getByRole('button', { name: /^Approve / }).click()
  await page.getByRole('heading', { name: 'Approved by you' }).waitFor()
  expect(await status(approver, id)).toBe('approved')
  await page.goto(path)
  await page.getByRole('heading', { name: 'Approved by you' }).waitFor()
  expect(await page.getByRole('button').count()).toBe(0)
  await expectAccessible(page)
})

it.each([
  ['desk', 'light'],
  ['phone', 'dark'],
] as [Size, Scheme][])('is accessible, needs no script and asks nobody else for anything (%s, %s)', async (size, scheme) => {
  const { path } = await asked()
  await using reader = await visit({ as: null, size, scheme })
  const { page, complaints } = reader
  const asks: string[] = []
  page.on('request', (request) => asks.push(new URL(request.url()).pathname))
  await page.goto(path)
  expect(asks.filter((asked) => !/^\/_static\/Inter\w+-[\w-]+\.woff2$/.test(asked))).toEqual([path])
  expect(await page.evaluate(() => document.scripts.length)).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(complaints).toEqual([])
  await expectAccessible(page)
})
