import { describe, expect, it } from 'vitest'
import { call, expectAccessible, expectQuiet, go, type Size, visit, type Visit } from './browser'
import { anAsset, titled } from './records'

interface Meter {
  id: string
  name: string
  last_value: string | null
}

/** An asset with two meters that nobody else reads: one counts and rolls over at 1,000, one goes up and down. */
async function withMeters(v: Visit) {
  await using manager = await visit({ as: 'asset_manager' })
  const some = await call<{ category_id: string; location_id: string }>(manager.context, 'get', `/v1/assets/${(await anAsset(manager.context)).id}`)
  const code = titled('M').replace(' ', '-').toUpperCase()
  const asset = await call<{ id: string }>(manager.context, 'post', '/v1/assets', { code, name: 'Test stand', category_id: some.category_id, location_id: some.location_id })
  const hours = await call<Meter>(manager.context, 'post', `/v1/assets/${asset.id}/meters`, { name: 'Hours', unit: 'h', kind: 'continuous', rollover_at: '1000', reading_interval_days: 7 })
  const heat = await call<Meter>(manager.context, 'post', `/v1/assets/${asset.id}/meters`, { name: 'Heat', unit: '°C', kind: 'gauge' })
  await call(manager.context, 'post', `/v1/meters/${hours.id}/readings`, { value: '900', read_at: new Date(Date.now() - 30 * 86_400_000).toISOString() })
  await call(manager.context, 'post', `/v1/meters/${hours.id}/readings`, { value: '980', read_at: new Date(Date.now() - 20 * 86_400_000).toISOString() })
  return { code, hours, heat, read: (meter: Meter) => call<Meter>(v.context, 'get', `/v1/meters/${meter.id}`) }
}

describe.each<Size>(['desk', 'phone'])('meters at %s size', (size) => {
  it('are read on a round: Enter sends one and goes on, what cannot be right is asked back, a rollover is confirmed', async () => {
    await using v = await visit({ as: 'technician', size })
    const { code, hours, heat, read } = await withMeters(v)
    await go(v.page, `/meters?q=${code}`)
    await v.page.getByText('Hours').first().waitFor()
    await expectAccessible(v.page)
    await v.page.getByRole('button', { name: 'Enter readings' }).click()
    const field = (name: string) => v.page.getByRole('textbox', { name: `${code} ${name} shows` })
    await field('Heat').fill('71,5')
    await field('Heat').press('Enter')
    await expect.poll(async () => (await read(heat)).last_value).toBe('71.5')
    await v.page.getByText('71.5 °C entered').waitFor()
    await field('Hours').fill('12')
    await field('Hours').press('Enter')
    await v.page.getByText(/it has begun again at zero/).waitFor()
    await expectAccessible(v.page)
    expect((await read(hours)).last_value).toBe('980')
    await v.page.getByRole('button', { name: 'Enter it anyway' }).click()
    await expect.poll(async () => (await read(hours)).last_value).toBe('12')
    expectQuiet(v)
  })

  it('that should be read stand in a view of their own', async () => {
    await using v = await visit({ as: 'technician', size })
    const { code } = await withMeters(v)
    await go(v.page, `/meters?q=${code}&saved=due`)
    await v.page.getByText('Hours').first().waitFor()
    expect(await v.page.getByText('Heat').count()).toBe(0)
  })
})
