import { expect, it } from 'vitest'
import { bothSizes, call, expectAccessibleInBoth, expectQuiet, go, visit } from './browser'
import type { Page } from './records'

it('a platform operator backs up, drills and takes the evidence along', { timeout: 240_000 }, async () => {
  await using v = await visit({ as: 'admin' })
  await go(v.page, '/admin/backups')
  await v.page.getByRole('button', { name: 'New backup' }).click()
  await v.page.getByLabel('Kind').selectOption('Dump')
  await expectAccessibleInBoth(v.page)
  await v.page.getByRole('button', { name: 'Back up', exact: true }).click()
  const newest = async (path: string) => (await call<Page<{ id: string; status: string; verdict?: string }>>(v.context, 'get', `${path}?limit=1`)).items[0]
  await expect.poll(async () => (await newest('/v1/backups'))?.status, { timeout: 90_000 }).toBe('completed')
  await v.page.getByRole('row', { name: /Dump.*Not proven yet/ }).first().waitFor()

  await v.page.getByRole('link', { name: 'Restore drills' }).click()
  const start = async (fault?: string) => {
    await v.page.getByRole('button', { name: 'Run a drill' }).click()
    if (fault) await v.page.getByLabel('Spoil on purpose').selectOption(fault)
    else await expectAccessibleInBoth(v.page)
    await v.page.getByRole('button', { name: 'Start the drill' }).click()
  }
  await start()
  await v.page.getByRole('status').getByText(/Waits for its worker|Restores the newest backup/).waitFor()
  await v.page.getByRole('heading', { name: 'What was looked at' }).waitFor({ timeout: 120_000 })
  const drill = await newest('/v1/restore-drills')
  const word = { pass: 'Passed', fail: 'Failed', inconclusive: 'Not proven' }[drill?.verdict ?? '']
  await v.page.getByText(word ?? 'no verdict', { exact: true }).first().waitFor()
  await expectAccessibleInBoth(v.page)
  const [file] = await Promise.all([v.page.waitForEvent('download'), v.page.getByRole('link', { name: 'Evidence as PDF' }).click()])
  expect(file.suggestedFilename()).toBe(`restore-drill-${drill?.id}.pdf`)

  await go(v.page, '/admin/restore-drills')
  await start('A dump cut off')
  await v.page.getByText('Spoilt on purpose: a dump cut off. It proves no backup').waitFor()
  await v.page.getByText('Fault found', { exact: true }).waitFor({ timeout: 60_000 })
  await go(v.page, '/admin/restore-drills')
  await v.page.getByRole('row', { name: /Fault found.*Spoilt on purpose: a dump cut off/ }).first().waitFor()
  expectQuiet(v)

  await using phone = await visit({ as: 'admin', size: 'phone' })
  await go(phone.page, `/admin/restore-drills/${drill?.id}`)
  await phone.page.getByRole('heading', { name: 'What was looked at' }).waitFor()
  await expectAccessibleInBoth(phone.page)
})

it.each(bothSizes)('at %s size the lists say that nobody else may see them', async (size) => {
  await using v = await visit({ as: 'planner', size })
  await v.page.goto('/admin/backups')
  await v.page.getByText('You cannot see this').waitFor()
  await expectAccessibleInBoth(v.page)
  expect(await v.page.getByRole('button', { name: 'New backup' }).count()).toBe(0)
})
