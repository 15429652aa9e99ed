import { useSyncExternalStore } from 'react'
import { session } from '../api/client'
import { queries } from '../api/query'
import { eventReader, keysOf, pauseAfter } from './eventStream'

export interface Live {
  state: 'connecting' | 'live' | 'lost'
  /** When the server was heard last; what is shown is at least as new. */
  heard: Date
  /** Tries since the connection was lost. */
  tries: number
}

const silence = 40_000 // the server says «still here» every 15 s
const gather = 400

let live: Live = { state: 'connecting', heard: new Date(), tries: 0 }
const listeners = new Set<() => void>()
let lastId = ''
let stop: AbortController | undefined
let wake: (() => void) | undefined

function tell(next: Partial<Live>) {
  live = { ...live, ...next }
  for (const listener of listeners) listener()
}

const stale = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

// Many changes at once (an import, a bulk command) read each list again once.
function refresh(keys: string[]) {
  for (const key of keys) stale.add(key)
  timer ??= setTimeout(() => {
    timer = undefined
    const due = [...stale]
    stale.clear()
    for (const key of due) void queries.invalidateQueries({ queryKey: [key] })
  }, gather)
}

async function follow(signal: AbortSignal) {
  const silent = new AbortController()
  let quiet = setTimeout(() => silent.abort(), silence)
  try {
    const response = await fetch('/v1/events', {
      headers: { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
      signal: AbortSignal.any([signal, silent.signal]),
    })
    if (response.status === 401) {
      session.ended()
      stop?.abort()
      return
    }
    if (!response.ok || !response.body) throw new Error(`events: ${response.status}`)
    // After a gap without a place to resume from, anything may have changed.
    if (live.tries > 0 && !lastId) void queries.invalidateQueries()
    tell({ state: 'live', heard: new Date(), tries: 0 })
    const read = eventReader()
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await text.read()
      if (done) return
      clearTimeout(quiet)
      quiet = setTimeout(() => silent.abort(), silence)
      live.heard = new Date()
      for (const event of read(value)) {
        if (event.id) lastId = event.id
        if (event.event === 'reset') void queries.invalidateQueries()
        else refresh(keysOf(event.event))
      }
    }
  } finally {
    clearTimeout(quiet)
  }
}

const pause = (seconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const late = setTimeout(resolve, seconds * 1000)
    wake = () => {
      clearTimeout(late)
      resolve()
    }
    signal.addEventListener('abort', () => wake?.(), { once: true })
  })

/** Follows the server's changes until the returned function is called, resuming where it stopped whenever the connection breaks. */
export function goLive(): () => void {
  const own = new AbortController()
  stop = own
  const run = async () => {
    while (!own.signal.aborted) {
      let ended = true
      try {
        await follow(own.signal)
      } catch {
        ended = false
      }
      if (own.signal.aborted) return
      // The server ends a stream every quarter of an hour to look at the sign-in anew: that is no loss.
      if (!ended) tell({ state: 'lost', tries: live.tries + 1 })
      await pause(ended ? 0.2 : pauseAfter(live.tries), own.signal)
    }
  }
  void run()
  const now = () => wake?.()
  addEventListener('online', now)
  return () => {
    own.abort()
    removeEventListener('online', now)
  }
}

/** Tries again at once. */
export const tryNow = () => wake?.()

/** Whether the page follows the server. */
export const useLive = (): Live =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => live,
  )
