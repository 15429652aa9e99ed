import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema.gen'

export type Schemas = components['schemas']
export type ProblemBody = Schemas['Problem']

/** A refusal of the server in its own words (RFC 9457), or a request that found no server (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Partial<ProblemBody>,
    /** Seconds to wait before the next try, where the server said so. */
    readonly retryAfter?: number,
  ) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
  }
  get code() {
    return this.body.code ?? ''
  }
  /** Safe to send again with the same key: the server did not finish, or nobody knows. */
  get again() {
    return this.status === 503 || this.status === 0
  }
  /** The sentences of the fields by JSON pointer, `/title` and the like. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.body.errors ?? []).map((e) => [e.pointer, e.detail]))
  }
}

/** A new key of one intent: kept over every retry of it, so that it counts once. */
export const newKey = (): string => crypto.randomUUID()

const headers: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET' || request.method === 'HEAD') return
    request.headers.set('X-Mainstay-CSRF', '1')
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', newKey())
  },
}

/** Called when the session is over; the shell sets it. */
export const session = { ended: () => {} }

export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' })
api.use(headers)

/** Turns a response of openapi-fetch into its data, or throws the Problem. */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  return (await answered(call)).data
}

export interface Answered<T> {
  data: T
  /** The version read, for If-Match. */
  etag: string | null
}

/** Like ok, with the ETag beside the data. */
export async function answered<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Answered<T>> {
  let result
  try {
    result = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Problem(0, { code: 'no_network', title: 'No network' })
  }
  const { data, error, response } = result
  if (response.ok) return { data: data as T, etag: response.headers.get('ETag') }
  if (response.status === 401) session.ended()
  const wait = Number(response.headers.get('Retry-After'))
  throw new Problem(response.status, typeof error === 'object' && error !== null ? (error as ProblemBody) : {}, wait > 0 ? wait : undefined)
}
