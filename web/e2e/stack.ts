import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { allSignedIn, type Role, type Session } from './sessions'

declare module 'vitest' {
  interface ProvidedContext {
    url: string
    mailUrl: string
    password: string
    /** The sign-in of each role's demo person: one for all tests, since each costs what makes guessing passwords dear. */
    sessions: Record<Role, Session>
  }
}

const root = resolve(import.meta.dirname, '../..')
const startsWithin = 180_000
const stopsWithin = 60_000

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((done) => {
      const server = createServer().listen(0, '127.0.0.1', () => done(server))
    })),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

/** The API answers before the demo's people are there: the stack says when all is. */
async function ready(stack: ChildProcess, log: string) {
  const until = Date.now() + startsWithin
  while (Date.now() < until) {
    if (stack.exitCode !== null) break
    if (readFileSync(log, 'utf8').includes('Mainstay is ready')) return
    await new Promise((next) => setTimeout(next, 250))
  }
  throw new Error(`the stack did not become ready:\n${readFileSync(log, 'utf8').slice(-4000)}`)
}

/**
 * Starts the whole real stack with the demo company on ports of its own and stops it after the tests.
 * MAINSTAY_E2E_URL and MAINSTAY_E2E_PASSWORD name one that runs already.
 */
export default async function setup({ provide }: TestProject) {
  const offer = async (url: string, mailUrl: string, password: string) => {
    provide('url', url)
    provide('mailUrl', mailUrl)
    provide('password', password)
    provide('sessions', await allSignedIn(url, password))
  }
  if (process.env.MAINSTAY_E2E_URL) {
    await offer(process.env.MAINSTAY_E2E_URL, process.env.MAINSTAY_E2E_MAIL_URL ?? '', process.env.MAINSTAY_E2E_PASSWORD ?? '')
    return
  }
  const dir = mkdtempSync(join(tmpdir(), 'mainstay-web-'))
  // The database server, which is nobody privileged, walks through it.
  chmodSync(dir, 0o711)
  const [http, ops, postgres, temporal, temporalUI, s3, smtp, mail] = await freePorts(8)
  const log = join(dir, 'log')
  const out = openSync(log, 'w')
  const stack = spawn(join(root, 'bin/mainstay'), ['stack', 'up'], {
    cwd: dir,
    stdio: ['ignore', out, out],
    env: {
      ...process.env,
      MAINSTAY_DATA_DIR: '.mainstay',
      MAINSTAY_HTTP_ADDR: `127.0.0.1:${http}`,
      MAINSTAY_OPS_ADDR: `127.0.0.1:${ops}`,
      MAINSTAY_POSTGRES_PORT: String(postgres),
      MAINSTAY_TEMPORAL_ADDR: `127.0.0.1:${temporal}`,
      MAINSTAY_TEMPORAL_UI_ADDR: `127.0.0.1:${temporalUI}`,
      MAINSTAY_S3_ADDR: `127.0.0.1:${s3}`,
      MAINSTAY_SMTP_ADDR: `127.0.0.1:${smtp}`,
      MAINSTAY_MAIL_UI_ADDR: `127.0.0.1:${mail}`,
      MAINSTAY_DEMO: 'true',
    },
  })
  // A cookie named __Host- needs a secure context, which localhost is.
  const url = `http://localhost:${http}`
  await ready(stack, log)
  await offer(url, `http://localhost:${mail}`, readFileSync(join(dir, '.mainstay', 'admin-password'), 'utf8').trim())
  return async () => {
    const gone = new Promise((done) => stack.once('exit', done))
    stack.kill('SIGTERM')
    let timer: NodeJS.Timeout | undefined
    await Promise.race([gone, new Promise((_, fail) => (timer = setTimeout(() => fail(new Error('the stack did not stop')), stopsWithin)))])
    clearTimeout(timer)
    closeSync(out)
    rmSync(dir, { recursive: true, force: true })
  }
}
