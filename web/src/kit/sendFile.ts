import { api, newKey, ok, Problem, type ProblemBody, type Schemas } from '../api/client'

export type Attachment = Schemas['Attachment']

export interface FileSubject {
  type: Schemas['AttachmentBody']['subject_type']
  id: string
}

/** The largest file that is sent, in bytes: the server takes 100 MiB, people read 100 MB. */
export const fileLimit = 100_000_000

interface Sending {
  /** Kept over every try of the same file, so that it is announced once. */
  key?: string
  signal?: AbortSignal
  /** Part of the file that has left, 0 to 1. */
  onSent?: (part: number) => void
}

/** Announces a file with its hash and sends its bytes through the API; resolves when the server has stored and checked them. */
export async function sendFile(subject: FileSubject, file: File, { key = newKey(), signal, onSent }: Sending = {}): Promise<Attachment> {
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  const announced = await ok(
    api.POST('/v1/attachments', {
      body: { subject_type: subject.type, subject_id: subject.id, filename: file.name, content_type: file.type || undefined, size_bytes: file.size, sha256 },
      headers: { 'Idempotency-Key': key },
      signal,
    }),
  )
  return put(announced.id, file, signal, onSent)
}

// fetch does not tell how much of a body has left.
function put(id: string, file: File, signal?: AbortSignal, onSent?: (part: number) => void): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `/v1/attachments/${id}/content`)
    request.responseType = 'json'
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('X-Mainstay-CSRF', '1')
    request.upload.onprogress = (event) => onSent?.(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => (request.status < 300 ? resolve(request.response as Attachment) : reject(new Problem(request.status, (request.response ?? {}) as ProblemBody)))
    request.onerror = () => reject(new Problem(0, { code: 'no_network', title: 'No network' }))
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
