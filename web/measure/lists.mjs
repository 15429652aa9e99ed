// How lists bear 100,000 rows: the table of assets, and the work orders in their groups. Each is read to the end, scrolled from the first row to
// the last and back, and slowly as one reads. Prints one line a figure, `name value unit`, and how far it is on stderr; it asserts nothing. Every
// step has an end: what was not read within two minutes is said and left out. The rows are made here, so that the figures are the page's alone;
// the page comes from a running stack: `make run`, then `npm --prefix web run measure`.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'

const total = Number(process.env.MAINSTAY_MEASURE_ROWS ?? 100_000)
const pageSize = 200
const readWithin = 120_000
const scrollFor = 5_000
const root = resolve(import.meta.dirname, '../..')
const kept = resolve(root, '.mainstay/admin-password')
const url = process.env.MAINSTAY_E2E_URL ?? 'http://localhost:8080'
const password = process.env.MAINSTAY_E2E_PASSWORD ?? (existsSync(kept) ? readFileSync(kept, 'utf8').trim() : '')
const executablePath = [process.env.MAINSTAY_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path))

const idOf = (at) => `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`
const ref = { id: '00000000-0000-4000-8000-000000000001', code: 'KAL', name: 'Kalkberg limestone quarry' }
const common = { location: ref, location_id: ref.id, site_id: ref.id, version: 1, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }
const asset = (at) => ({
  ...common,
  id: idOf(at),
  code: `KAL-${String(at).padStart(6, '0')}`,
  name: `Conveyor drive ${at}`,
  category: ref,
  category_id: ref.id,
  operating_state: ['up', 'up', 'up', 'down', 'degraded'][at % 5],
  lifecycle_state: 'in_service',
  criticality: 'ABC'[at % 3],
})
// Ten groups: what is late, and months ahead.
const order = (at) => {
  const month = Math.floor((at * 10) / total)
  const due = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + month, 1 + (at % 28)))
  return {
    ...common,
    id: idOf(at),
    number: `WO-${String(at).padStart(6, '0')}`,
    title: `Replace the belt ${at}`,
    type: 'corrective',
    priority: ['low', 'medium', 'high', 'critical'][at % 4],
    status: ['approved', 'scheduled', 'in_progress', 'on_hold'][at % 4],
    asset: ref,
    asset_id: ref.id,
    due_on: due.toISOString().slice(0, 10),
    overdue: month === 0,
    planned_hours: '2.5',
    assignees: [],
    allowed_commands: [],
  }
}

const print = (name, value, unit) => console.log(`${name} ${Number(value.toFixed(1))} ${unit}`)
const say = (words) => process.stderr.write(`${words}\n`)

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: 'en-GB' })

async function signIn(role) {
  const answer = await context.request.post('/v1/auth/session', { data: { email: `${role}@example.com`, password }, headers: { 'X-Mainstay-CSRF': '1' } })
  if (!answer.ok()) throw new Error(`${url} did not let ${role}@example.com in: MAINSTAY_E2E_URL and MAINSTAY_E2E_PASSWORD name a stack with demo data`)
}

// The next page is read when the last one comes in view.
async function readAll(grid) {
  return grid.evaluate(
    (scroller, [most, within]) =>
      new Promise((done) => {
        const begun = performance.now()
        let rows = 0
        const step = () => {
          const end = Number(scroller.getAttribute('aria-rowcount')) > 0
          rows = Math.max(rows, ...[...scroller.querySelectorAll('[role="row"][aria-rowindex]')].map((row) => Number(row.getAttribute('aria-rowindex')) - 1))
          const took = performance.now() - begun
          if (end || took > within) return done({ rows: end ? most : rows, took })
          scroller.scrollTop = scroller.scrollHeight
          setTimeout(step, 5)
        }
        step()
      }),
    [total, readWithin],
  )
}

// Goes along at an even speed by the clock: a late frame makes a longer step and not a longer way.
function scroll(grid, from, to) {
  return grid.evaluate(
    (scroller, [start, end, duration]) =>
      new Promise((done) => {
        const height = scroller.scrollHeight - scroller.clientHeight
        const long = []
        const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)))
        observer.observe({ type: 'longtask' })
        const times = []
        const step = (now) => {
          times.push(now)
          const part = Math.min(1, (now - times[0]) / duration)
          scroller.scrollTop = height * (start + (end - start) * part)
          if (part < 1) return requestAnimationFrame(step)
          observer.disconnect()
          const gaps = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b)
          done({ frames: gaps.length, p50: gaps[Math.floor(gaps.length * 0.5)], p95: gaps[Math.floor(gaps.length * 0.95)], worst: gaps.at(-1), late: gaps.filter((gap) => gap > 50).length, long: long.length, drawn: scroller.querySelectorAll('[role="row"]').length })
        }
        requestAnimationFrame(step)
      }),
    [from, to, scrollFor],
  )
}

async function measure(name, role, path, api, row) {
  await signIn(role)
  const page = await context.newPage()
  await page.route(api, async (route) => {
    const query = new URL(route.request().url()).searchParams
    if (query.get('limit') === '1') return route.fulfill({ json: { items: [row(0)], total: { value: 10_000, relation: 'gte' } } })
    const from = Number(query.get('cursor') ?? 0)
    const items = Array.from({ length: Math.min(pageSize, total - from) }, (_, at) => row(from + at))
    const next = from + items.length
    await route.fulfill({ json: { items, ...(next < total ? { next_cursor: String(next) } : {}) } })
  })
  await page.goto(path)
  const grid = page.getByRole('grid').first()
  await grid.getByRole('row').nth(1).waitFor()
  const inspector = await context.newCDPSession(page)
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => (await inspector.send('Performance.getMetrics')).metrics.find(({ name: of }) => of === 'TaskDuration').value * 1000
  say(`${name}: reading ${total} rows`)
  const { rows, took } = await readAll(grid)
  print(`${name}_rows_read`, rows, `of_${total}`)
  print(`${name}_read`, took / 1000, 's')
  for (const [way, from, to] of [['down', 0, 1], ['up', 1, 0], ['slow', 0, 0.004]]) {
    say(`${name}: scrolling ${way}`)
    const before = await busy()
    const figures = await scroll(grid, from, to)
    // Of the page alone, whatever else the machine does.
    print(`${name}_${way}_work_per_frame`, ((await busy()) - before) / figures.frames, 'ms')
    print(`${name}_${way}_frame_p50`, figures.p50, 'ms')
    print(`${name}_${way}_frame_p95`, figures.p95, 'ms')
    print(`${name}_${way}_frame_worst`, figures.worst, 'ms')
    print(`${name}_${way}_frames_over_50ms`, figures.late, `of_${figures.frames}`)
    print(`${name}_${way}_long_tasks`, figures.long, 'tasks')
    print(`${name}_${way}_rows_drawn`, figures.drawn, 'rows')
  }
  await page.close()
}

try {
  await measure('assets', 'asset_manager', '/assets?saved=all', /\/v1\/assets\?/, asset)
  await measure('grouped', 'planner', '/work-orders', /\/v1\/work-orders\?/, order)
} finally {
  await browser.close()
}
