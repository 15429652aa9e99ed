import { expect, inject, it } from 'vitest'
import { call, expectAccessible, type Scheme, type Size, visit } from './browser'

interface Mail {
  Subject: string
  Text: string
  HTML: string
}

/** The mails that ask the demo company's approver, with the paths of their links. */
async function asked(): Promise<{ mail: Mail; path: string }[]> {
  const list = (await (await fetch(`${inject('mailUrl')}/api/v1/messages?limit=200`)).json()) as { messages: { ID: string; To: { Address: string }[] }[] }
  const mails = await Promise.all(
    list.messages
      .filter((m) => m.To[0]?.Address === 'approver@example.com')
      .map(async (m) => (await (await fetch(`${inject('mailUrl')}/api/v1/message/${m.ID}`)).json()) as Mail),
  )
  return mails.flatMap((mail) => {
    const path = /\/approve\/[\w-]+/.exec(mail.Text)?.[0]
    return path ? [{ mail, path }] : []
  })
}

async function waiting(count: number) {
  for (;;) {
    const found = await asked()
    if (found.length >= count) return found
    await new Promise((next) => setTimeout(next, 250))
  }
}

async function open(as: Awaited<ReturnType<typeof visit>>): Promise<number> {
  return ((await call(as.context, 'get', '/v1/approvals?status=open')) as { items: unknown[] }).items.length
}

it('lets a scanner with a browser open links, run what it likes and submit every form, and decides nothing', async () => {
  await using approver = await visit({ as: 'approver' })
  const links = await waiting(5)
  const before = await open(approver)
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
  expect(await open(approver)).toBe(before)
})

it('decides when a person presses a button, and then says so', async () => {
  await using approver = await visit({ as: 'approver' })
  const links = await waiting(5)
  const before = await open(approver)
  await using reader = await visit({ as: null, size: 'phone' })
  const { page } = reader
  await page.goto(links[0]!.path)
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByText('A rejection needs a comment.').waitFor()
  expect(await open(approver)).toBe(before)
  await page.getByRole('button', { name: /^Approve / }).click()
  await page.getByRole('heading', { name: 'Approved by you' }).waitFor()
  expect(await open(approver)).toBe(before - 1)
  await page.goto(links[0]!.path)
  await page.getByRole('heading', { name: 'Approved by you' }).waitFor()
  expect(await page.getByRole('button').count()).toBe(0)
  await expectAccessible(page)
})

it.each([
  ['desk', 'light'],
  ['phone', 'dark'],
] as [Size, Scheme][])('is accessible, needs no script and asks nobody else for anything (%s, %s)', async (size, scheme) => {
  const links = await waiting(5)
  await using reader = await visit({ as: null, size, scheme })
  const { page, complaints } = reader
  const asks: string[] = []
  page.on('request', (request) => asks.push(new URL(request.url()).pathname))
  await page.goto(links[1]!.path)
  expect(asks).toEqual([links[1]!.path])
  expect(await page.evaluate(() => document.scripts.length)).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(complaints).toEqual([])
  await expectAccessible(page)
})
