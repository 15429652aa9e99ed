import { expect, it } from 'vitest'
import { expectQuiet, go, visit } from './browser'

it('keeps a list as a person filtered it, on every device, until it is removed', async () => {
  await using v = await visit()
  await go(v.page, '/work-orders?saved=overdue&priority=critical')
  await v.page.getByRole('button', { name: 'Save view' }).click()
  await v.page.getByLabel('Name of the view').fill('Critical and late')
  await v.page.getByRole('button', { name: 'Save', exact: true }).click()
  await v.page.getByRole('link', { name: 'Critical and late' }).waitFor()

  await using other = await visit()
  await go(other.page, '/work-orders')
  await other.page.getByRole('link', { name: 'Critical and late' }).click()
  await other.page.waitForURL((url) => url.searchParams.get('saved') === 'overdue' && url.searchParams.get('priority') === 'critical')
  expect(await other.page.getByRole('link', { name: 'Critical and late' }).getAttribute('aria-current')).toBe('page')
  await other.page.getByRole('button', { name: 'Remove the view Critical and late' }).click()
  await other.page.getByRole('link', { name: 'Critical and late' }).waitFor({ state: 'detached' })
  expectQuiet(v)
  expectQuiet(other)
})
