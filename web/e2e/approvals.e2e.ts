import { expect, it } from 'vitest'
import { call, expectAccessible, expectNoSidewaysScroll, expectQuiet, go, type Scheme, type Size, visit } from './browser'

interface Approval {
  id: string
  status: string
  subject: { number: string; title: string }
}

const list = async (v: Awaited<ReturnType<typeof visit>>) => ((await call(v.context, 'get', '/v1/approvals?status=open')) as { items: Approval[] }).items

it('lists what waits, and takes a rejection with its comment', async () => {
  await using v = await visit({ as: 'approver' })
  const { page } = v
  const waiting = await list(v)
  const one = waiting[0]!
  await go(page, `/approvals?open=${one.id}`)
  const question = page.getByRole('article', { name: one.subject.title })
  await question.getByRole('heading', { name: one.subject.title }).waitFor()
  await question.getByRole('button', { name: 'Reject' }).click()
  await question.getByText('A rejection needs a comment.').waitFor()
  await question.getByRole('textbox', { name: 'Comment' }).fill('Too dear this year')
  await question.getByRole('button', { name: 'Reject' }).click()
  await question.getByText('Reason: Too dear this year').waitFor()
  expect(await question.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
  expect((await list(v)).length).toBe(waiting.length - 1)
  expectQuiet(v)
})

it('hands a question to a colleague', async () => {
  await using v = await visit({ as: 'approver' })
  const { page } = v
  const one = (await list(v))[0]!
  await go(page, `/approvals/${one.id}`)
  await page.getByRole('button', { name: 'Hand over' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('To', { exact: true }).fill('Agnes')
  await page.getByRole('option', { name: 'Agnes Asset' }).click()
  await sheet.getByLabel('Reason').fill('Away')
  await sheet.getByRole('button', { name: 'Hand over' }).click()
  await page.getByText('in the place of Amir Approver').waitFor()
  expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
  expectQuiet(v)
})

it.each([
  ['desk', 'light'],
  ['desk', 'dark'],
  ['phone', 'light'],
] as [Size, Scheme][])('is accessible (%s, %s)', async (size, scheme) => {
  await using v = await visit({ as: 'approver', size, scheme })
  const one = (await list(v))[0]!
  await go(v.page, size === 'desk' ? `/approvals?open=${one.id}` : `/approvals/${one.id}`)
  await v.page.getByRole('heading', { name: one.subject.title }).waitFor()
  await expectAccessible(v.page)
  await expectNoSidewaysScroll(v.page)
  expectQuiet(v)
})
