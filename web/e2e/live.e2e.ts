import { connect, createServer, type Socket } from 'node:net'
import { expect, inject, it } from 'vitest'
import { call, expectAccessible, expectQuiet, go, visit } from './browser'
import { anOrder } from './records'

/** A wire to the server that can be cut: what goes over it ends, and nothing new comes through until it is mended. */
async function wire() {
  const { port, hostname } = new URL(inject('url'))
  const ends = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    if (cut) return near.destroy()
    const far = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname)
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end)
      end.on('error', () => other.destroy()).on('close', () => {
        ends.delete(end)
        other.destroy()
      })
      end.pipe(other)
    }
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : ''}`,
    cut() {
      cut = true
      for (const end of ends) end.destroy()
    },
    mend() {
      cut = false
    },
    [Symbol.dispose]: () => void server.close(),
  }
}

it('shows what others do as it happens, and after a lost connection what happened meanwhile, from where it stopped', async () => {
  using line = await wire()
  await using v = await visit({ url: line.url })
  const order = await anOrder(v.context)
  const resumed: string[] = []
  v.page.on('request', (request) => {
    const from = request.headers()['last-event-id']
    if (request.url().endsWith('/v1/events') && from) resumed.push(from)
  })
  await go(v.page, `/work-orders/${order.id}`)
  await v.page.getByText('Live', { exact: true }).waitFor()
  await using other = await visit({ as: 'technician' })
  await call(other.context, 'post', `/v1/work-orders/${order.id}/comments`, { text: 'The belt is here' })
  await v.page.getByText('The belt is here').waitFor()

  line.cut()
  await v.page.getByText(/Showing \d/).waitFor()
  await expectAccessible(v.page)
  await call(other.context, 'post', `/v1/work-orders/${order.id}/start`, {})
  expect(await v.page.getByText('In progress').count()).toBe(0)
  line.mend()
  await v.page.getByRole('button', { name: 'Now', exact: true }).click()
  await v.page.getByText('In progress').first().waitFor()
  await v.page.getByText(/Showing \d/).waitFor({ state: 'detached' })
  expect(resumed.length).toBeGreaterThan(0)
  expectQuiet(v)
})
