import { useCallback, useEffect, useRef, useState } from 'react'
import { newKey } from '../api/client'
import { queries } from '../api/query'
import { type FileSubject, fileLimit, sendFile } from './sendFile'

export interface UploadItem {
  key: string
  file: File
  /** Part that has left, 0 to 1. */
  sent: number
  state: 'sending' | 'failed' | 'too_large'
  error?: Error
}

interface Uploads {
  /** What is on its way or failed; what arrived is in the list of attachments. */
  items: UploadItem[]
  add: (files: Iterable<File>) => void
  again: (key: string) => void
  /** Stops a sending, or puts a failed one away. */
  drop: (key: string) => void
}

/** Sends files to a record, each on its own. Leaving the screen stops what has not arrived. */
export function useUploads(subject: FileSubject): Uploads {
  const [items, setItems] = useState<UploadItem[]>([])
  const stops = useRef(new Map<string, AbortController>())
  const { type, id } = subject

  const change = useCallback((key: string, changed: Partial<UploadItem>) => setItems((old) => old.map((item) => (item.key === key ? { ...item, ...changed } : item))), [])
  const remove = useCallback((key: string) => setItems((old) => old.filter((item) => item.key !== key)), [])

  const send = useCallback(
    async (key: string, file: File) => {
      const stop = new AbortController()
      stops.current.set(key, stop)
      try {
        await sendFile({ type, id }, file, { key, signal: stop.signal, onSent: (sent) => change(key, { sent }) })
        await queries.invalidateQueries({ queryKey: ['attachments'] })
        remove(key)
      } catch (error) {
        if (stop.signal.aborted) remove(key)
        else change(key, { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
      } finally {
        stops.current.delete(key)
      }
    },
    [type, id, change, remove],
  )

  const add = useCallback(
    (files: Iterable<File>) => {
      const added = [...files].map((file): UploadItem => ({ key: newKey(), file, sent: 0, state: file.size > fileLimit ? 'too_large' : 'sending' }))
      setItems((old) => [...old, ...added])
      for (const item of added) if (item.state === 'sending') void send(item.key, item.file)
    },
    [send],
  )

  useEffect(() => {
    const running = stops.current
    return () => running.forEach((stop) => stop.abort())
  }, [id])

  return {
    items,
    add,
    again: (key) => {
      const item = items.find((each) => each.key === key)
      if (!item) return
      change(key, { state: 'sending', sent: 0, error: undefined })
      void send(key, item.file)
    },
    drop: (key) => {
      const running = stops.current.get(key)
      if (running) running.abort()
      else remove(key)
    },
  }
}
