// How the asset table bears 100,000 rows: reads all of them, scrolls from the first to the last and back, and prints one
// line a figure, `name value unit`. It asserts nothing. The rows are made here, so that the figures are the page's alone;
// the page comes from a running stack: `make run`, then `npm --prefix web run measure`.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'

const total = Number(process.env.MAINSTAY_MEASURE_ROWS ?? 100_000)
const pageSize = 200
const root = resolve(import.meta.dirname, '../..')
const kept = resolve(root, '.mainstay/admin-password')
const url = process.env.MAINSTAY_E2E_URL ?? 'http://localhost:8080'
const password = process.env.MAINSTAY_E2E_PASSWORD ?? (existsSync(kept) ? readFileSync(kept, 'utf8').trim() : '')
const executablePath = [process.env.MAINSTAY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path))

const ref = { id: '00000000-0000-4000-8000-000000000001', code: 'KAL', name: 'Kalkberg limestone quarry' }
const asset = (at) => ({
  id: `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`,
  code: `KAL-${String(at).padStart(6, '0')}`,
  name: `Conveyor drive ${at}`,
  category: ref,
  category_id: ref.id,
  location: ref,
  location_id: ref.id,
  site_id: ref.id,
  operating_state: ['up', 'up', 'up', 'down', 'degraded'][at % 5],
  lifecycle_state: 'in_service',
  criticality: 'ABC'[at % 3],
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
})

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
const signedIn = await context.request.post('/v1/auth/session', { data: { email: 'asset_manager@example.com', password }, headers: { 'X-Mainstay-CSRF': '1' } })
if (!signedIn.ok()) throw new Error(`${url} did not let asset_manager@example.com in: MAINSTAY_E2E_URL and MAINSTAY_E2E_PASSWORD name a stack with demo data`)
const page = await context.newPage()
await page.route(/\/v1\/assets\?/, async (route) => {
  const query = new URL(route.request().url()).searchParams
  if (query.get('limit') === '1') return route.fulfill({ json: { items: [asset(0)], total: { value: 10_000, relation: 'gte' } } })
  const from = Number(query.get('cursor') ?? 0)
  const items = Array.from({ length: Math.min(pageSize, total - from) }, (_, at) => asset(from + at))
  const next = from + items.length
  await route.fulfill({ json: { items, ...(next < total ? { next_cursor: String(next) } : {}) } })
})
await page.goto('/assets?saved=all')
const grid = page.getByRole('grid').first()
await grid.getByRole('row').nth(1).waitFor()

const print = (name, value, unit) => console.log(`${name} ${Number(value.toFixed(1))} ${unit}`)

// The next page is read when the last one comes in view.
const begun = Date.now()
for (let rows = 0; rows < total; ) {
  rows = await grid.evaluate((scroller) => {
    scroller.scrollTop = scroller.scrollHeight
    const count = Number(scroller.getAttribute('aria-rowcount'))
    return count > 0 ? count - 1 : 0
  })
  if (rows < total) await page.waitForTimeout(5)
}
print('read_all', (Date.now() - begun) / 1000, 's')

async function scrolled(name, from, to) {
  const figures = await grid.evaluate(
    (scroller, [start, end]) =>
      new Promise((done) => {
        const height = scroller.scrollHeight - scroller.clientHeight
        const long = []
        const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)))
        observer.observe({ type: 'longtask' })
        const times = []
        const frames = 600
        let at = 0
        const step = (now) => {
          times.push(now)
          scroller.scrollTop = height * (start + ((end - start) * at) / frames)
          if (at++ < frames) requestAnimationFrame(step)
          else {
            observer.disconnect()
            const gaps = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b)
            done({ p50: gaps[Math.floor(gaps.length * 0.5)], p95: gaps[Math.floor(gaps.length * 0.95)], worst: gaps.at(-1), late: gaps.filter((gap) => gap > 50).length, long: long.length, drawn: scroller.querySelectorAll('[role="row"]').length })
          }
        }
        requestAnimationFrame(step)
      }),
    [from, to],
  )
  print(`${name}_frame_p50`, figures.p50, 'ms')
  print(`${name}_frame_p95`, figures.p95, 'ms')
  print(`${name}_frame_worst`, figures.worst, 'ms')
  print(`${name}_frames_over_50ms`, figures.late, 'of_600')
  print(`${name}_long_tasks`, figures.long, 'tasks')
  print(`${name}_rows_drawn`, figures.drawn, 'rows')
}

await scrolled('down', 0, 1)
await scrolled('up', 1, 0)
await scrolled('slow', 0, 0.004)
await browser.close()
