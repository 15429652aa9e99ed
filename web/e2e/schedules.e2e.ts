import { describe, expect, it } from 'vitest'
import { call, choose, expectAccessible, expectQuiet, go, type Size, visit, type Visit, writeDay } from './browser'
import { anAsset, dayFromNow, type Page, titled } from './records'

interface Schedule {
  id: string
  title: string
  status: string
  next_due_on?: string
  revision: number
}

async function aSchedule(v: Visit): Promise<Schedule> {
  const asset = await anAsset(v.context)
  return call<Schedule>(v.context, 'post', '/v1/maintenance-schedules', {
    title: titled('Grease the bearings'),
    asset_id: asset.id,
    priority: 'medium',
    calendar: { rrule: 'FREQ=WEEKLY', starts_on: dayFromNow(40) },
    lead_days: 0,
  })
}

const read = (v: Visit, id: string) => call<Schedule>(v.context, 'get', `/v1/maintenance-schedules/${id}`)

describe.each<Size>(['desk', 'phone'])('a schedule at %s size', (size) => {
  it('is written as a sentence beside its next ten dates, and made', async () => {
    await using v = await visit({ size })
    const asset = await anAsset(v.context)
    const title = titled('Oil sample')
    await go(v.page, '/schedules/new')
    await v.page.getByLabel('Title').fill(title)
    await choose(v.page, 'Asset or location', asset.code, new RegExp(asset.code))
    await v.page.getByLabel('Every how many').fill('2')
    await v.page.getByLabel('Unit').selectOption('week')
    await writeDay(v.page, 'First date', dayFromNow(30), size)
    const dates = v.page.getByRole('region', { name: 'Next 10 dates' })
    await expect.poll(() => dates.locator('tbody tr').count()).toBe(10)
    await dates.getByText(/^site time, \w+\/\w+/).waitFor()
    expect(await v.page.getByRole('list', { name: 'Load in the next 12 months' }).locator('[role="img"]:not([data-load="0"])').count()).toBeGreaterThan(20)
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: /Create the schedule/ }).click()
    await v.page.waitForURL(/schedules\/[0-9a-f-]{36}/)
    await v.page.getByRole('heading', { name: title }).waitFor()
    await v.page.getByText('What happens next').waitFor()
    const [made] = (await call<Page<Schedule>>(v.context, 'get', `/v1/maintenance-schedules?q=${encodeURIComponent(title)}`)).items
    expect(made).toMatchObject({ status: 'active', next_due_on: dayFromNow(30) })
    expectQuiet(v)
  })

  it('is changed: the button says how many dates change', async () => {
    await using v = await visit({ size })
    const schedule = await aSchedule(v)
    await go(v.page, `/schedules/${schedule.id}/edit`)
    await v.page.getByLabel('Every how many').fill('3')
    await v.page.getByRole('button', { name: /Save, change \d+ dates/ }).click()
    await v.page.waitForURL(new RegExp(`schedules/${schedule.id}$`))
    expect((await read(v, schedule.id)).revision).toBe(schedule.revision + 1)
  })

  it('is paused with a reason and goes on again', async () => {
    await using v = await visit({ size })
    const schedule = await aSchedule(v)
    await go(v.page, `/schedules/${schedule.id}`)
    const pause = v.page.getByRole('button', { name: 'Pause', exact: true })
    if (size === 'phone') expect((await pause.boundingBox())?.y).toBeGreaterThan(844 / 2)
    await pause.click()
    await expectAccessible(v.page)
    await v.page.getByLabel('Reason').fill('The machine is hired out')
    await v.page.getByRole('button', { name: 'Pause schedule' }).click()
    await v.page.getByText('Reason: The machine is hired out').waitFor()
    expect((await read(v, schedule.id)).status).toBe('paused')
    await v.page.getByRole('button', { name: 'Resume', exact: true }).click()
    await v.page.getByRole('button', { name: 'Resume schedule' }).click()
    await expect.poll(async () => (await read(v, schedule.id)).status).toBe('active')
    expectQuiet(v)
  })

  it('skips one date and moves another', async () => {
    await using v = await visit({ size })
    const schedule = await aSchedule(v)
    await go(v.page, `/schedules/${schedule.id}`)
    await v.page.getByRole('button', { name: /^Skip / }).first().click()
    await v.page.getByLabel('Reason').fill('Not needed this week')
    await v.page.getByRole('button', { name: 'Skip this date' }).click()
    await expect.poll(async () => (await read(v, schedule.id)).next_due_on).toBe(dayFromNow(47))
    await v.page.getByRole('dialog').waitFor({ state: 'detached' })
    await v.page.getByRole('button', { name: /^Move / }).first().click()
    await writeDay(v.page, 'New day', dayFromNow(48), size)
    await v.page.getByLabel('Reason').fill('The crew is away')
    await v.page.getByRole('button', { name: /^Move to / }).click()
    await expect.poll(async () => (await read(v, schedule.id)).next_due_on).toBe(dayFromNow(48))
  })
})

it('keeps what was typed where somebody else saved first, and lets it be saved over that', async () => {
  await using v = await visit()
  const schedule = await aSchedule(v)
  await go(v.page, `/schedules/${schedule.id}/edit`)
  await v.page.getByLabel('Title').fill(`${schedule.title}, mine`)
  const now = await v.context.request.get(`/v1/maintenance-schedules/${schedule.id}`)
  await call(v.context, 'patch', `/v1/maintenance-schedules/${schedule.id}`, { priority: 'high' }, { 'If-Match': now.headers().etag ?? '' })
  await v.page.getByRole('button', { name: /^Save/ }).click()
  await v.page.getByRole('alert').getByText(/changed this at/).waitFor()
  await expectAccessible(v.page)
  await v.page.getByRole('button', { name: 'Take theirs, keep mine' }).click()
  await v.page.waitForURL(new RegExp(`schedules/${schedule.id}$`))
  expect(await read(v, schedule.id)).toMatchObject({ title: `${schedule.title}, mine`, priority: 'high' })
})

it('creates its work order at once when it is asked to', async () => {
  await using v = await visit()
  const schedule = await aSchedule(v)
  await go(v.page, `/schedules/${schedule.id}`)
  await v.page.getByRole('button', { name: 'Create work order now' }).click()
  await v.page.getByRole('button', { name: 'Create work order', exact: true }).click()
  await v.page.getByText('Work order created').first().waitFor()
})
