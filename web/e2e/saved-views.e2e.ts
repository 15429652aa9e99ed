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
  await expect.poll(() => other.page.getByRole('link', { name: 'Critical and late' }).getAttribute('aria-current')).toBe('page')
  expect(await other.page.getByRole('navigation', { name: 'Views of the work orders' }).locator('[aria-current]').count()).toBe(1)
  await other.page.getByRole('button', { name: 'Remove the view Critical and late' }).click()
  await other.page.getByRole('link', { name: 'Critical and late' }).waitFor({ state: 'detached' })
  expectQuiet(v)
  expectQuiet(other)
})

it.each(['/requests', '/requests?saved=all', '/inbox', '/inbox?show=all', '/approvals?saved=all', '/schedules?saved=all', '/items', '/suppliers'])('marks one view of %s', async (path) => {
  await using v = await visit({ as: 'admin' })
  await go(v.page, path)
  const views = v.page.getByRole('main').getByRole('navigation').first()
  await expect.poll(() => views.locator('a[aria-current="page"]').count()).toBe(1)
  expect(await views.locator('a').count()).toBeGreaterThan(1)
})
